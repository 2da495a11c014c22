import { type Test, test } from "tap";
import { listOwnKeyIds } from "../../lib/aws/own-keys.ts";
import type { Session } from "../../lib/aws/session.ts";
import { noCalls } from "../../lib/core/call-counts.ts";

const sessionOf = (credentials: Session["credentials"], profile?: string): Session => ({
  ...{ profile, region: "us-east-1", counts: noCalls(), credentials },
});

const holding = (accessKeyId: string): Session => sessionOf(async () => ({ accessKeyId, secretAccessKey: "s" }));

const config = `[default]
region = eu-central-1
[profile ops]
aws_access_key_id = AKIACONFIG2222222222
aws_secret_access_key=secret
[profile role]
role_arn = arn:aws:iam::123456789012:role/x
source_profile = ops
[profile indented]
   aws_access_key_id=AKIAINDENTED22222222   # the old one
# aws_access_key_id = AKIACOMMENT222222222
`;

const credentials = "\ufeff[default]\r\nAWS_ACCESS_KEY_ID = AKIACREDENTIALS22222\r\naws_secret_access_key = secret\r\n";

const inConfig = ["AKIACONFIG2222222222", "AKIAINDENTED22222222"];

interface Case {
  readonly name: string;
  readonly sessions?: readonly Session[];
  /** `DIRECTORY` stands for where the files are. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly files?: Parameters<Test["testdir"]>[0];
  readonly ids: readonly string[];
  readonly unread?: readonly RegExp[];
}

const files = { config, credentials, home: { ".aws": { config, credentials } } };
const named = { AWS_CONFIG_FILE: "DIRECTORY/config", AWS_SHARED_CREDENTIALS_FILE: "DIRECTORY/credentials" };

const cases: readonly Case[] = [
  { name: "nothing configured", environment: { HOME: "DIRECTORY/none" }, ids: [] },
  { name: "a home that is no directory", environment: { HOME: "/dev/null" }, ids: [] },
  {
    name: "the keys in use, each once",
    sessions: [holding("ASIASESSION222222222"), holding("AKIASESSION222222222"), holding("AKIASESSION222222222")],
    environment: { HOME: "DIRECTORY/none", AWS_ACCESS_KEY_ID: "AKIAENVIRONMENT22222" },
    ids: ["AKIAENVIRONMENT22222", "ASIASESSION222222222", "AKIASESSION222222222"],
  },
  { name: "every profile's in the named files", environment: named, ids: [...inConfig, "AKIACREDENTIALS22222"] },
  {
    name: "every profile's in the home's files",
    environment: { HOME: "DIRECTORY/home" },
    ids: [...inConfig, "AKIACREDENTIALS22222"],
  },
  {
    name: "a named file below the home",
    environment: { HOME: "DIRECTORY/home", AWS_CONFIG_FILE: "~/.aws/config", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" },
    ids: inConfig,
  },
  {
    name: "a variable set to nothing counts as not set",
    environment: {
      HOME: "DIRECTORY/home",
      AWS_CONFIG_FILE: "",
      AWS_SHARED_CREDENTIALS_FILE: "",
      AWS_ACCESS_KEY_ID: "",
    },
    ids: [...inConfig, "AKIACREDENTIALS22222"],
  },
  {
    name: "what breaks a rule of the file's form is read all the same",
    environment: { ...named, AWS_CONFIG_FILE: "DIRECTORY/config" },
    files: { config: `[profile __proto__]\nno equals sign\n${config}`, credentials: "" },
    ids: inConfig,
  },
  {
    name: "a file that can't be read is told, and the other counts",
    environment: { ...named, AWS_SHARED_CREDENTIALS_FILE: "DIRECTORY" },
    ids: inConfig,
    unread: [/^file ".+": EISDIR/],
  },
  {
    name: "credentials that can't be had are told by their profile",
    sessions: [
      sessionOf(() => Promise.reject(new Error("expired\nsso"))),
      sessionOf(() => Promise.reject(new Error("no such profile")), "ops"),
    ],
    environment: named,
    ids: [...inConfig, "AKIACREDENTIALS22222"],
    unread: [/^credentials: expired sso$/, /^credentials of profile "ops": no such profile$/],
  },
];

for (const { name, sessions = [], environment = {}, ids, unread = [], ...said } of cases) {
  test(name, async (t) => {
    const directory = t.testdir(said.files ?? files);
    const variables = Object.entries(environment).map(([key, value]) => [key, value.replace("DIRECTORY", directory)]);
    const found = await listOwnKeyIds(sessions, Object.fromEntries(variables));
    t.strictSame([...found.ids].sort(), [...ids].sort());
    t.equal(found.unread.length, unread.length);
    for (const [index, says] of unread.entries()) t.match(found.unread[index], says);
  });
}
