import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Ajv2020 } from "ajv/dist/2020.js";
import { test } from "tap";
import { stringify } from "yaml";
import { keycheckDetailPermissions, keycheckPermissions } from "../../lib/keycheck/permissions.ts";
import { tableActions } from "../../lib/state/dynamodb-actions.ts";
import {
  tagauditDocumentPermissions,
  tagauditPermissions,
  tagauditProtectionPermissions,
  tagauditTerminationPermissions,
  tagauditUserPermissions,
} from "../../lib/tagaudit/permissions.ts";
import { programs } from "../support/programs.ts";
import { keycheckPath } from "../support/run-executable.ts";
import { callStalewatch, runStalewatch, stalewatchPath } from "../support/run-stalewatch.ts";

const clean = { PATH: process.env.PATH ?? "", STALEWATCH_STATE: "none" };

test("the demo runs every program on three accounts and says what to do next", async (t) => {
  const { code, stdout, stderr } = await runStalewatch(["demo"]);
  t.equal(code, 0);
  t.equal(stderr, "");
  const wholeRunsOf = (program: string) =>
    stdout.match(new RegExp(`^stalewatch_run,.*program=${program},.* ok=true,partial=false`, "gm"))?.length;
  t.equal(stdout.match(/^keycheck_account,/gm)?.length, 3);
  t.equal(wholeRunsOf("keycheck"), 4, "three accounts and their listing");
  t.equal(stdout.match(/^tagaudit_region,.* state="judged"/gm)?.length, 2);
  t.match(stdout, /^tagaudit_region,.*,in_grace=1i,/m, "of one launched lately");
  t.equal(wholeRunsOf("tagaudit"), 1);
  for (const { name } of programs) {
    t.match(stdout, `\n$ ${name} --`);
    t.match(stdout, `\n  node dist/${name}.cjs YOUR_PROFILE`);
  }
});

test("demo serve prints how to reach it, answers keycheck, and ends on SIGTERM", async (t) => {
  const server = spawn(process.execPath, [stalewatchPath, "demo", "serve", "--users", "10", "--accounts", "1"], {
    env: clean,
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.teardown(() => server.kill("SIGKILL"));
  const variables: Record<string, string> = { ...clean };
  for await (const line of createInterface({ input: server.stdout })) {
    const [, name, value] = /^export (\w+)='(.*)'$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) variables[name] = value;
    if (name === "AWS_EC2_METADATA_DISABLED") break;
  }
  const scan = await new Promise<string>((resolve) => {
    execFile(process.execPath, [keycheckPath], { env: variables }, (_error, stdout) => resolve(stdout));
  });
  t.match(scan, /keycheck_account,.* partial=false,users=10i/);
  const ended = once(server, "exit");
  server.kill("SIGTERM");
  t.strictSame(await ended, [0, null]);
});

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
}

const policyBy = async (...args: string[]): Promise<readonly Statement[]> => {
  const { code, stdout, stderr } = await runStalewatch(["iam-policy", "keycheck", ...args]);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout).Statement;
};

test("the policy of each mode is the list of its declared actions", async (t) => {
  const statement = (Action: readonly string[]) => ({ Sid: "Stalewatch", Effect: "Allow", Action, Resource: "*" });
  t.strictSame(await policyBy(), [statement(keycheckPermissions.observe)]);
  for (const mode of ["observe", "notify", "commit"] as const)
    t.strictSame(await policyBy("--mode", mode), [statement(keycheckPermissions[mode])], mode);
});

test("the policy of state in a table has the table's actions and its ARN", async (t) => {
  const [, ...of] = await policyBy("--state", "dynamodb", "--state-region", "eu-west-1", "--account", "123456789012");
  const Resource = ["arn:aws:dynamodb:eu-west-1:123456789012:table/stalewatch"];
  t.match(of, [
    { Sid: "State", Action: Object.values(tableActions.use).sort(), Resource },
    { Sid: "MakeStateTable", Action: Object.values(tableActions.make).sort(), Resource },
  ]);
});

test("the policy of a run over other accounts has what gets it there, and no more", async (t) => {
  const role = "arn:aws:iam::123456789012:role/audit";
  const rows = [
    { run: { role_arns: [role] }, want: [["sts:AssumeRole", role]] },
    {
      run: { organization: true },
      want: [
        ["organizations:ListAccounts", "*"],
        ["sts:AssumeRole", "arn:aws:iam::*:role/stalewatch"],
      ],
    },
    {
      run: {
        ...{ organization: true, role_name: "path/audit", region: "cn-north-1" },
        ...{ exclude_ous: ["ou-ab12-cdefgh34"], include_tags: ["team"] },
      },
      want: [
        ["organizations:ListAccounts", "organizations:ListParents", "organizations:ListTagsForResource", "*"],
        ["sts:AssumeRole", "arn:aws-cn:iam::*:role/path/audit"],
      ],
    },
  ];
  const config = join(t.testdir(), "settings.yaml");
  for (const { run, want } of rows) {
    writeFileSync(config, stringify({ run }));
    const [, ...home] = await policyBy("--config", config);
    t.strictSame(
      home.map(({ Action, Resource }) => [Action, Resource].flat()),
      want,
    );
  }
});

test("the policy by a settings file has what these settings call, and no more", async (t) => {
  const config = join(t.testdir(), "settings.yaml");
  const keycheck = {
    ...{ kinds: [{ kind: "human", group: "people" }], slack_token: "secretsmanager:bot" },
    ...{ create_jira: true, jira_server_address: "https://x.atlassian.net", jira_project_key: "OPS" },
    ...{ jira_email: "env:EMAIL", jira_token: "ssm:/jira/token" },
  };
  writeFileSync(config, stringify({ run: { mode: "commit", region: "eu-west-1" }, keycheck }));
  const [scan, ...secrets] = await policyBy("--config", config);
  t.strictSame(scan?.Action, [...keycheckPermissions.commit, ...keycheckDetailPermissions].sort());
  t.strictSame(
    secrets.map(({ Action, Resource }) => [...Action, ...Resource]),
    [
      ["secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:*:secret:bot-??????"],
      ["ssm:GetParameter", "arn:aws:ssm:eu-west-1:*:parameter/jira/token"],
    ],
  );
  const [, ...observing] = await policyBy("--config", config, "--mode", "observe");
  t.strictSame(observing, [], "nobody is told");
});

test("tagaudit's policy follows its mode, its settings, its scheme and its sinks", async (t) => {
  const directory = t.testdir({ "tags.yaml": "tags: { owner: { value: iam-user, flip_protection: true } }\n" });
  const config = join(directory, "settings.yaml");
  const policyBy = async (run: object, tagaudit: object = {}) => {
    writeFileSync(config, stringify({ run: { region: "eu-west-1", ...run }, tagaudit }));
    const { code, stdout, stderr } = await callStalewatch(["iam-policy", "tagaudit", "--config", config]);
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout).Statement as readonly Statement[];
  };
  const statement = (Action: readonly string[]) => ({ Sid: "Stalewatch", Effect: "Allow", Action, Resource: "*" });
  for (const mode of ["observe", "notify", "commit"] as const)
    t.strictSame(await policyBy({ mode }), [statement(tagauditPermissions[mode])], mode);

  const scheme = join(directory, "tags.yaml");
  const [scan] = await policyBy({ mode: "commit" }, { scheme, terminate: true });
  const more = [...tagauditUserPermissions, ...tagauditTerminationPermissions, ...tagauditProtectionPermissions];
  t.strictSame(scan?.Action, [...tagauditPermissions.commit, ...more].sort());

  const elasticsearch = {
    ...{ sink: ["elasticsearch"], elasticsearch_url: ["https://es.example.com"] },
    ...{ elasticsearch_user: "credstash:es.user", elasticsearch_password: "secretsmanager:es" },
  };
  const mail = { smtp_host: "smtp.example.com", smtp_user: "ops", mail_from: "ops@example.com" };
  const channels = { ...mail, slack_token: "credstash:bot@theirs", smtp_password: "secretsmanager:smtp" };
  const observing = await policyBy(elasticsearch, channels);
  t.strictSame(observing[0]?.Action, [...tagauditPermissions.observe, ...tagauditDocumentPermissions].sort());
  const [, ...secrets] = await policyBy(
    { ...elasticsearch, mode: "notify" },
    { ...channels, credstash_region: "us-east-2" },
  );
  t.strictSame(
    secrets.map(({ Sid, Resource }) => [Sid, ...Resource]),
    [
      [
        "Secrets",
        "arn:aws:secretsmanager:eu-west-1:*:secret:smtp-??????",
        "arn:aws:secretsmanager:eu-west-1:*:secret:es-??????",
      ],
      ["Credstash", "arn:aws:dynamodb:us-east-2:*:table/theirs", "arn:aws:dynamodb:eu-west-1:*:table/credential-store"],
      ["CredstashKey", "arn:aws:kms:us-east-2:*:key/*", "arn:aws:kms:eu-west-1:*:key/*"],
    ],
    "each kind of place is one statement",
  );
  t.strictSame(
    observing.slice(1).map(({ Sid }) => Sid),
    ["Secrets", "Credstash", "CredstashKey"],
    "observe reads those of Elasticsearch, and tells nobody",
  );
});

test("a scheme that can't be read is no policy", async (t) => {
  const environment = { TAGAUDIT_SCHEME: "/nowhere/tags.yaml" };
  const { code, stdout, stderr } = await callStalewatch(["iam-policy", "tagaudit"], environment);
  t.strictSame([code, stdout], [2, ""]);
  t.match(stderr, /^E! stalewatch: environment TAGAUDIT_SCHEME: cannot read "\/nowhere\/tags.yaml": no such file\n$/);
});

test("the schema takes a good settings file and refuses a slip", async (t) => {
  const { stdout } = await runStalewatch(["schema"]);
  t.match(stdout, '"$schema": "https://json-schema.org/draft/2020-12/schema"');
  const validate = new Ajv2020({ strict: false }).compile(JSON.parse(stdout));
  t.ok(validate({ run: { deadline: "50s" }, keycheck: { expire_age: "90d" } }));
  t.ok(validate({ run: { mode: "commit", act_on_accounts: ["123456789012"], calendar: { hours: "09:00-17:00" } } }));
  t.ok(validate({ keycheck: { kinds: [{ kind: "human", user: "*" }], slack_token: "env:SLACK_TOKEN" } }));
  t.ok(validate({ tagaudit: { tags: ["owner"], grace: 45, exemptions: [] } }));
  t.notOk(validate({ tagaudit: { tagz: ["owner"] } }));
  t.notOk(validate({ keycheck: { expire_agee: "90d" } }));
  t.notOk(validate({ keycheck: { expire_age: "ninety days" } }));
});

const refused = [
  { name: "no command", args: [], want: "E! stalewatch: which command? stalewatch --help lists them" },
  { name: "an unknown command", args: ["dmo"], want: "E! stalewatch: Unknown argument: dmo" },
  { name: "an unknown option", args: ["demo", "serve", "--prot", "1"], want: "E! stalewatch: Unknown argument: prot" },
] as const;

for (const { name, args, want } of refused) {
  test(`${name} is refused in one line`, async (t) => {
    const { code, stdout, stderr } = await runStalewatch(args);
    t.strictSame({ code, stdout, stderr }, { code: 2, stdout: "", stderr: `${want}\n` });
  });
}
