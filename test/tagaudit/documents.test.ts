import fc from "fast-check";
import { test } from "tap";
import { minutes } from "../../lib/core/time.ts";
import type { AuditRun } from "../../lib/tagaudit/audit-run.ts";
import { documentViolator, isViolator, rollUp } from "../../lib/tagaudit/documents.ts";
import { aFinding, anInstance, aViolation, now, violating } from "../support/tagaudit-records.ts";

const run = (changes: Partial<AuditRun> = {}): AuditRun => ({
  ...{
    runId: "r1",
    index: "aws-audits",
    accountId: "123456789012",
    account: "acme-prod",
    tagScheme: "owner,project",
    now,
    ecs: false,
  },
  ...changes,
});

const instance = anInstance({
  launchedAt: now - minutes(90) - 30_000,
  tags: { project: "x=y", Name: "web 1", empty: "" },
});
const described = {
  age: 90.5,
  id: "i-0123456789abcdef0",
  region: "eu-west-1",
  state: "running",
  tags: ["Name=web 1", "empty=", "project=x=y"],
};

test("a violator's document has the original's fields", async (t) => {
  const violations = [aViolation(), aViolation({ tag: "project", kind: "invalid" })];
  t.strictSame(documentViolator(violating({ instance, violations, owner: "ada" }), run()), {
    index: "aws-audits",
    id: "r1:eu-west-1:i-0123456789abcdef0",
    body: {
      doc_type: "aws_tag_violator",
      "@timestamp": "2026-03-01T12:00:00Z",
      account: "acme-prod",
      ...described,
      violations: ["owner=missing", "project=invalid"],
      owner: "ada",
    },
  });
});

test("the account's document has the original's fields", async (t) => {
  const rollup = rollUp(run());
  for (const finding of [violating({ instance }), aFinding()]) rollup.add(finding);
  t.strictSame(rollup.document(), {
    index: "aws-audits",
    id: "r1:123456789012",
    body: {
      doc_type: "aws_tag_audit",
      "@timestamp": "2026-03-01T12:00:00Z",
      account: "acme-prod",
      tag_scheme: "owner,project",
      violator_count: 1,
      violators: [described],
      violators_truncated: false,
    },
  });
});

test("who is a violator", async (t) => {
  t.ok(isViolator(violating()));
  for (const standing of ["compliant", "in_grace", "exempt", "grouped", "canary"] as const)
    t.notOk(isViolator(violating({ standing })), standing);
});

const sizes = [
  { name: "as many as the list holds", violators: 10_000, listed: 10_000, truncated: false },
  { name: "one more than the list holds", violators: 10_001, listed: 10_000, truncated: true },
  { name: "none", violators: 0, listed: 0, truncated: false },
] as const;

for (const { name, violators, listed, truncated } of sizes) {
  test(`violators: ${name}`, async (t) => {
    const rollup = rollUp(run());
    for (let count = 0; count < violators; count += 1) rollup.add(violating());
    const { body } = rollup.document();
    t.match(body, { violator_count: violators, violators_truncated: truncated });
    t.equal((body.violators as readonly unknown[]).length, listed);
  });
}

test("a launch by a clock that is ahead has no age yet", async (t) =>
  t.equal(documentViolator(violating({ instance: anInstance({ launchedAt: now + 1 }) }), run()).body.age, 0));

test("names of the Elastic Common Schema stand beside the original's on request", async (t) => {
  const finding = violating({ instance });
  const rollup = rollUp(run({ ecs: true }));
  rollup.add(finding);
  for (const [plain, both] of [
    [documentViolator(finding, run()), documentViolator(finding, run({ ecs: true }))],
    [rollUp(run()).document(), rollUp(run({ ecs: true })).document()],
  ] as const) {
    t.match(both.body, plain.body);
    t.match(both.body, { cloud: { account: { id: "123456789012" } }, event: { module: "tagaudit" } });
    t.equal(both.id, plain.id);
    for (const name of ["cloud", "event", "ecs"]) t.notOk(name in plain.body, name);
  }
});

test("ids are unique in a run, and the same when it is delivered again", async (t) => {
  const word = fc.stringMatching(/^[a-z0-9-]{1,8}$/);
  const subjects = fc.uniqueArray(fc.record({ region: word, id: word.map((text) => `i-${text}`) }), {
    selector: ({ region, id }) => `${region} ${id}`,
    maxLength: 20,
  });
  const idsOf = (found: readonly { region: string; id: string }[], runId: string) => [
    rollUp(run({ runId })).document().id,
    ...found.map((subject) => documentViolator(violating({ instance: anInstance(subject) }), run({ runId })).id),
  ];
  fc.assert(
    fc.property(subjects, fc.uniqueArray(word, { minLength: 2, maxLength: 2 }), (found, [one = "", other = ""]) => {
      const ids = idsOf(found, one);
      const others = new Set(idsOf(found, other));
      return (
        new Set(ids).size === ids.length &&
        idsOf(found, one).every((id, index) => id === ids[index]) &&
        ids.every((id) => !others.has(id))
      );
    }),
    { numRuns: 50 },
  );
  t.pass("for any instances");
});
