import { end, type Test, test } from "tap";
import { type AuditWorld, auditedAccount, openAuditWorld, tagged, watched } from "../support/audit-world.ts";
import { statusOf } from "../support/run-executable.ts";

const former = "2020-01-01T00:00:00Z";
const stamped = { canary_timestamp: true } as const;

const open = (t: Test, tagaudit: object = stamped): Promise<AuditWorld> =>
  openAuditWorld(t, {
    regions: [
      watched("eu-west-1", [tagged("a")], { canary: { canary_timestamp: former } }),
      watched("us-east-1", [tagged("b")]),
    ],
    tagaudit: { regions: ["eu-west-1", "us-east-1"], ...tagaudit },
  });

const stampsOf = ({ canary }: AuditWorld) =>
  ["eu-west-1", "us-east-1"].map((region) => canary(region).tags.get("canary_timestamp"));

const writesOf = ({ aws }: AuditWorld) => aws.writes().map(({ action }) => action);

test("each region's canary says when its region was audited, once an hour, and a person can take that back", async (t) => {
  const world = await open(t);
  const started = Date.now();
  const first = await world.run();
  t.match(statusOf(first), { ok: true, partial: false, planned: 2, applied: 2, failed: 0 });
  t.strictSame(writesOf(world), ["ec2:CreateTags", "ec2:CreateTags"]);
  const [one, two] = stampsOf(world);
  t.equal(one, two);
  t.ok(Math.abs(Date.parse(one ?? "") - started) < 60_000, `${one} is now`);
  t.equal([...world.canary("eu-west-1").tags.keys()].length, 5, "its other tags are as they were");

  const { journal } = world;
  const ids = (await journal()).map(({ action }) => [action.kind, action.class]);
  t.strictSame(ids, [
    ["mark", "mark"],
    ["mark", "mark"],
  ]);
  const again = await world.run();
  const isSameHour = new Date().toISOString().slice(0, 13) === new Date(started).toISOString().slice(0, 13);
  if (isSameHour) t.match(statusOf(again), { planned: 0, applied: 0 });

  const idFor = (region: string) => {
    const hour = new Date(Date.parse(one ?? "")).toISOString().slice(0, 13);
    return `tagaudit/${auditedAccount}/mark/${region}/${world.canary(region).id}/${hour}`;
  };
  t.match(await world.stalewatch("undo", idFor("eu-west-1")), {
    code: 0,
    stdout: /^undone: its former time stamp is set again by a person/,
  });
  t.equal(stampsOf(world)[0], former);
  t.match(await world.stalewatch("undo", idFor("us-east-1")), {
    code: 3,
    stderr: /it had no tag "canary_timestamp" before/,
  });
});

const unstamped = [
  { name: "without the setting", tagaudit: {}, run: {} },
  { name: "in mode notify", tagaudit: stamped, run: { mode: "notify" } },
  { name: "in mode observe", tagaudit: stamped, run: { mode: "observe" } },
  { name: "in an account that act_on_accounts does not name", tagaudit: stamped, run: { act_on_accounts: [] } },
] as const;

for (const { name, tagaudit, run } of unstamped) {
  test(`no canary is written to ${name}`, async (t) => {
    const world = await open(t, tagaudit);
    t.equal((await world.run({ run })).exitCode, 0);
    t.strictSame([writesOf(world), stampsOf(world)[0]], [[], former]);
  });
}

test("a region without its canary is stamped nowhere, and where tags are denied it is said; the other region is", async (t) => {
  const world = await open(t);
  world.canary("us-east-1").tags.delete("department");
  const run = await world.run();
  t.match(statusOf(run), { partial: true, planned: 1, applied: 1 });
  t.ok(stampsOf(world)[0] !== former);
  const denied = await openAuditWorld(t, {
    regions: [watched("eu-west-1", [tagged("a")])],
    ...{ tagaudit: stamped, aws: { denials: [{ action: "ec2:CreateTags" }] } },
  });
  const refused = await denied.run();
  t.match(statusOf(refused), { ok: true, partial: false, planned: 1, applied: 0, failed: 1 });
  t.match(refused.stderr, [/^W! tagaudit: \S+: mark eu-west-1\/i-\w+: failed: ec2:CreateTags: /]);
});

end();
