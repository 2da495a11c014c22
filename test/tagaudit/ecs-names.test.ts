import { test } from "tap";
import { describeAudit, describeViolator } from "../../lib/tagaudit/ecs-names.ts";
import { anInstance, aViolation, violating } from "../support/tagaudit-records.ts";

const run = { accountId: "123456789012", account: "acme-prod" };
const account = { id: "123456789012", name: "acme-prod" };
const event = { kind: "state", category: ["configuration"], type: ["info"], module: "tagaudit" };

test("an account", async (t) =>
  t.strictSame(describeAudit(run), {
    ecs: { version: "8.17.0" },
    cloud: { provider: "aws", account },
    event: { ...event, dataset: "tagaudit.audit" },
  }));

test("a violator", async (t) => {
  const violations = [aViolation(), aViolation({ says: 'tag "project" is empty' })];
  t.strictSame(describeViolator(violating({ instance: anInstance({ tags: { Name: "web" } }), violations }), run), {
    ecs: { version: "8.17.0" },
    cloud: {
      provider: "aws",
      account,
      region: "eu-west-1",
      availability_zone: "eu-west-1a",
      instance: { id: "i-0123456789abcdef0", name: "web" },
      machine: { type: "m5.large" },
    },
    event: { ...event, dataset: "tagaudit.violator", reason: 'tag "owner" is missing; tag "project" is empty' },
  });
});
