import { test } from "tap";
import { parseCredentials, parseIdentity, parseRoleName } from "../../../lib/dirtymark/send/parse-metadata.ts";

const identity = {
  accountId: "111122223333",
  region: "eu-west-1",
  instanceId: "i-0123456789abcdef0",
  billingProducts: null,
};

test("an identity document is kept whole", async (t) => {
  t.same(parseIdentity(JSON.stringify(identity)), {
    ...{ ok: true, value: { region: "eu-west-1", instanceId: "i-0123456789abcdef0", document: identity } },
  });
});

const noIdentity = [
  { name: "a page", text: "<html>", says: /^no JSON object$/ },
  { name: "nothing", text: "", says: /^no JSON object$/ },
  { name: "a list", text: "[]", says: /^no JSON object$/ },
  {
    name: "another account",
    text: JSON.stringify({ ...identity, accountId: "1" }),
    says: /^account "1" is no account id$/,
  },
  { name: "an account as a number", text: JSON.stringify({ ...identity, accountId: 1e11 }), says: /is no account id$/ },
  { name: "no region", text: JSON.stringify({ ...identity, region: undefined }), says: /is no region$/ },
  { name: "a host for a region", text: JSON.stringify({ ...identity, region: "evil.example" }), says: /is no region$/ },
  {
    name: "no instance",
    text: JSON.stringify({ ...identity, instanceId: "mi-1" }),
    says: /^instance "mi-1" is no instance id$/,
  },
];

test("no identity document:", async (t) => {
  for (const { name, text, says } of noIdentity) t.match(parseIdentity(text), { ok: false, says }, name);
});

const roles = [
  { name: "as the service says it", text: "web+=,.@-_1", want: { ok: true, value: "web+=,.@-_1" } },
  { name: "with a line's end", text: "web\n", want: { ok: true, value: "web" } },
  { name: "the longest", text: "r".repeat(64), want: { ok: true, value: "r".repeat(64) } },
  { name: "one longer", text: "r".repeat(65), want: { ok: false } },
  { name: "nothing", text: "", want: { ok: false } },
  { name: "a path out of the folder", text: "../../token", want: { ok: false } },
];

test("a role's name:", async (t) => {
  for (const { name, text, want } of roles) t.match(parseRoleName(text), want, name);
});

const answer = {
  Code: "Success",
  AccessKeyId: "ASIA1",
  SecretAccessKey: "s",
  Token: "t",
  Expiration: "2020-01-01T00:00:00Z",
};

test("credentials are taken whatever this machine's clock makes of their end", async (t) => {
  t.same(parseCredentials(JSON.stringify(answer)), {
    ...{ ok: true, value: { accessKeyId: "ASIA1", secretAccessKey: "s", sessionToken: "t" } },
  });
});

const noCredentials = [
  { name: "a page", text: "<html>", says: /^code no text in place of credentials$/ },
  {
    name: "a role that can't be assumed",
    text: '{"Code":"AssumeRoleUnauthorizedAccess"}',
    says: /"AssumeRoleUnauthorizedAccess"/,
  },
  { name: "no key", text: JSON.stringify({ ...answer, AccessKeyId: undefined }), says: /without key/ },
  { name: "a secret that is no text", text: JSON.stringify({ ...answer, SecretAccessKey: 1 }), says: /without key/ },
  { name: "no token", text: JSON.stringify({ ...answer, Token: undefined }), says: /without key/ },
];

test("no credentials:", async (t) => {
  for (const { name, text, says } of noCredentials) {
    const parsed = parseCredentials(text);
    t.match(parsed, { ok: false, says }, name);
  }
});
