import { test } from "tap";
import { idOf } from "../../lib/act/entry.ts";
import { days, hours, minutes } from "../../lib/core/time.ts";
import { anInstance, aRegion } from "../../lib/demo/scenario/region-builders.ts";
import type { InstanceSpec } from "../../lib/demo/scenario/region-specs.ts";
import { openMarks } from "../../lib/marks/marks.ts";
import { openDueBook } from "../../lib/marks/tags-due.ts";
import { openDynamoDbStore } from "../../lib/state/dynamodb.ts";
import { countsOf, type DirtycountWorld, levelsOf, openDirtycountWorld } from "../support/dirtycount-world.ts";
import { makeDynamoDbClient } from "../support/dynamodb-client.ts";
import { aTally } from "../support/marks.ts";
import { pointsOf, statusOf } from "../support/run-executable.ts";
import { startDynalite } from "../support/start-dynalite.ts";

const id = (end: number): string => `i-0${String(end).padStart(16, "0")}`;
const skunked = { dirty: "skunked" };
const instances = (...said: readonly Partial<InstanceSpec>[]) =>
  said.map((one, at) => anInstance({ id: id(at + 1), ...one }));
const west = (...said: readonly Partial<InstanceSpec>[]) =>
  aRegion({ name: "eu-west-1", instances: instances(...said) });
const east = aRegion({ name: "us-east-1", instances: [anInstance({ id: id(99) })] });

const old = Date.now() - days(3);
const hidden = { principal: "eks.amazonaws.com", isHidden: true };

/** Six instances: two believed dirty, one not believed, one with the tag alone, one clean, one terminated. */
async function markSome({ mark }: DirtycountWorld): Promise<void> {
  await mark("eu-west-1", id(1), { verified: aTally({ firstAt: old, lastAt: old, count: 4, level: "critical" }) });
  await mark("eu-west-1", id(2));
  await mark("eu-west-1", id(3), { unverified: aTally(), verified: undefined as never });
  await mark("eu-west-1", id(6));
}

const someInstances = west(
  { tags: skunked },
  { operator: hidden, state: "stopped" },
  { tags: { dirty: "no" } },
  { tags: skunked },
  {},
  { state: "terminated" },
);

test("what is dirty now is counted by region and level, with zeros where there is nothing", async (t) => {
  const world = await openDirtycountWorld(t, [someInstances, east]);
  await markSome(world);
  const run = await world.run();
  t.equal(run.exitCode, 0);
  t.strictSame(run.stderr, []);
  t.strictSame(countsOf(run, "eu-west-1"), {
    ...{ instances: 5, dirty: 2, unverified: 1, ratio: 0.4, tag_only: 1, record_only: 1 },
  });
  t.strictSame(levelsOf(run, "eu-west-1"), { low: [0, 0], medium: [0, 0], high: [1, 1], critical: [1, 4] });
  t.strictSame(countsOf(run, "us-east-1"), {
    ...{ instances: 1, dirty: 0, unverified: 0, ratio: 0, tag_only: 0, record_only: 0 },
  });
  t.strictSame(levelsOf(run, "us-east-1"), { low: [0, 0], medium: [0, 0], high: [0, 0], critical: [0, 0] });
  const oldest = pointsOf(run, "dirty").find(({ fields }) => fields.events === 4)?.fields.oldest_s;
  t.ok(Number(oldest) >= 259_200 && Number(oldest) < 259_500, `${oldest} s`);
  t.match(statusOf(run), { ok: true, partial: false, items: 6, mode: "observe" });
  t.strictSame(run.calls, { "ec2:DescribeInstances": 2, "ec2:DescribeRegions": 1, "sts:GetCallerIdentity": 1 });
  t.strictSame(world.aws.writes(), []);
  t.notMatch(run.stdout, /ada|192\.0\.2/, "nobody's name is in a metric");
  t.ok((await world.inMarks((marks) => marks.find({ region: "eu-west-1", instanceId: id(6) })))?.endedAt);
});

test("without the fleet only what is tagged or recorded is read, and there is no share", async (t) => {
  const world = await openDirtycountWorld(t, [someInstances, east]);
  await markSome(world);
  const run = await world.run(["--no-fleet", "--tag-unverified", "--regions", "eu-west-1,us-east-1"]);
  t.strictSame(countsOf(run, "eu-west-1"), { dirty: 2, unverified: 1, tag_only: 1, record_only: 2 });
  t.strictSame(countsOf(run, "us-east-1"), { dirty: 0, unverified: 0, tag_only: 0, record_only: 0 });
  t.strictSame(run.calls, { "ec2:DescribeInstances": 3, "sts:GetCallerIdentity": 1 });
});

test("more instances are asked for by id than go into one filter", async (t) => {
  const many = Array.from({ length: 401 }, (_, at) => anInstance({ id: id(at + 1) }));
  const world = await openDirtycountWorld(t, [aRegion({ name: "eu-west-1", instances: many })]);
  await world.inMarks(async (marks) => {
    for (const one of many)
      await marks.update({ region: "eu-west-1", instanceId: one.id ?? "" }, (mark) => ({
        ...mark,
        verified: aTally(),
      }));
  });
  const run = await world.run(["--no-fleet"]);
  t.match(countsOf(run, "eu-west-1"), { dirty: 401, record_only: 401 });
  t.match(run.calls, { "ec2:DescribeInstances": 4 });
});

for (const { name, regions, fault, shut } of [
  { name: "denied", regions: [], fault: { error: "UnauthorizedOperation" }, shut: [] },
  { name: "asked for and not enabled", regions: ["--regions", "eu-west-1,us-east-1,af-south-1"], shut: ["af-south-1"] },
]) {
  test(`a region that is ${name} has no points, and takes nothing from the others`, async (t) => {
    const denials = fault === undefined ? [] : [{ action: "ec2:DescribeInstances", region: "us-east-1" }];
    const optional = aRegion({ name: "af-south-1", optInStatus: "not-opted-in" });
    const world = await openDirtycountWorld(t, [someInstances, east, optional], { denials });
    await markSome(world);
    const run = await world.run(regions);
    t.match(countsOf(run, "eu-west-1"), { dirty: 2 });
    const missing = fault === undefined ? shut : ["us-east-1"];
    for (const region of missing) t.strictSame([countsOf(run, region), levelsOf(run, region)], [{}, {}], region);
    t.match(statusOf(run), { ok: true, partial: fault !== undefined });
    if (fault !== undefined) t.match(statusOf(run), { last_error: /^instances of region us-east-1: / });
  });
}

test("marks that are not known are not none", async (t) => {
  const world = await openDirtycountWorld(t, [someInstances]);
  const run = await world.run();
  t.strictSame(countsOf(run, "eu-west-1"), { instances: 5 });
  t.strictSame(pointsOf(run, "dirty"), []);
  t.match(statusOf(run), {
    partial: true,
    last_error: "marks: nothing has ever been remembered in the state that is set",
  });
  const refused = await world.run(["--state", "none"]);
  t.equal(refused.exitCode, 2);
  t.match(refused.stderr, [/state can't be none/]);
});

test("a mark ends where its instance was asked for by id and missing twice, an hour apart", async (t) => {
  const world = await openDirtycountWorld(t, [west({}, {})]);
  const find = () => world.inMarks((marks) => marks.find({ region: "eu-west-1", instanceId: id(7) }));
  const shift = (missingSince: number) =>
    world.inMarks((marks) =>
      marks.change({ region: "eu-west-1", instanceId: id(7) }, (one) => ({ ...one, missingSince })),
    );
  await world.mark("eu-west-1", id(7));
  const first = await world.run();
  t.match(countsOf(first, "eu-west-1"), { instances: 2, dirty: 0, record_only: 0 });
  t.match(first.calls, { "ec2:DescribeInstances": 2 });
  t.type((await find())?.missingSince, "number");
  await shift(Date.now() - hours(1) + minutes(5));
  await world.run();
  t.notOk((await find())?.endedAt, "fifty-five minutes are no hour");
  await shift(Date.now() - hours(1));
  await world.run();
  t.ok((await find())?.endedAt);
  const last = await world.run();
  t.match(last.calls, { "ec2:DescribeInstances": 1 }, "what has ended is not asked for");
});

test("commit puts the tag on recorded instances that lack it, once, and observe does not", async (t) => {
  const world = await openDirtycountWorld(t, [someInstances]);
  await markSome(world);
  const run = await world.commit();
  t.match(statusOf(run), { planned: 1, permitted: 1, applied: 1, failed: 0 });
  t.strictSame(
    world.aws.writes().map(({ action }) => action),
    ["ec2:CreateTags"],
  );
  t.equal(world.region("eu-west-1").instances.find(id(2))?.tags.get("dirty"), "skunked");
  t.equal(world.region("eu-west-1").instances.find(id(3))?.tags.get("dirty"), "no", "not proven");
  t.match(await world.journal(), [{ action: { kind: "tag", class: "mark" }, state: "applied" }]);
  const again = await world.commit();
  t.match(countsOf(again, "eu-west-1"), { record_only: 0 });
  t.match(statusOf(again), { planned: 0 });
});

test("one that can't be tagged keeps no other from it, and is named", async (t) => {
  const crowd = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`t${at}`, "x"]));
  const world = await openDirtycountWorld(t, [west({}, { tags: crowd }, {})]);
  for (const end of [1, 2, 3]) await world.mark("eu-west-1", id(end));
  t.match(statusOf(await world.commit()), { applied: 1 });
  const tagged = [1, 2, 3].map((end) => world.region("eu-west-1").instances.find(id(end))?.tags.has("dirty"));
  t.strictSame(tagged, [true, false, true]);
  const listed = await world.run(["list"]);
  t.match(listed.stdout, new RegExp(`${id(2)} .* dirty, no tag: tag_limit`));
  t.match(statusOf(await world.commit()), { planned: 0 }, "until it is touched again");
});

test("tags that may not be put are promised to dirtymark, once", async (t) => {
  const world = await openDirtycountWorld(t, [west({})], { denials: [{ action: "ec2:CreateTags" }] });
  await world.mark("eu-west-1", id(1));
  t.match(statusOf(await world.commit()), { applied: 0, failed: 1 });
  await world.commit();
  const promised = await world.inStore(async (store) => {
    const found: unknown[] = [];
    for await (const { instanceIds } of openDueBook(store, () => "x").list()) found.push(instanceIds);
    return found;
  });
  t.strictSame(promised, [[id(1)]]);
});

test("list shows people who it was, as a table and as JSON", async (t) => {
  const world = await openDirtycountWorld(t, [someInstances]);
  await world.inMarks(async () => undefined);
  t.equal((await world.run(["list"])).stdout, "no instance is marked\n");
  await markSome(world);
  const table = await world.run(["list"]);
  t.equal(table.exitCode, 0);
  const [head = "", ...rows] = table.stdout.trimEnd().split("\n");
  t.match(head, /^ACCOUNT +REGION +INSTANCE +LEVEL +EVENTS +FIRST +LAST +SENDERS +STATE +WHO +WHAT$/);
  t.equal(rows.length, 4);
  t.match(rows[0], new RegExp(`^111122223333  eu-west-1  ${id(1)}  critical  4 .* proven +dirty  ada  ssh$`));
  t.match(rows[2], / unproven /);
  const lines = (await world.run(["list", "--json", "--regions", "eu-west-1"])).stdout.trimEnd().split("\n");
  t.match(JSON.parse(lines[0] ?? ""), { instanceId: id(1), verified: { count: 4, principals: ["ada"] } });
  t.equal((await world.run(["list", "--regions", "us-east-1"])).stdout, "no instance is marked\n");
});

test("a state in which nothing was ever remembered is no list of nothing, and is left unmade", async (t) => {
  const world = await openDirtycountWorld(t, [someInstances]);
  for (const argv of [["list"], ["list", "--json"], ["clear", id(1), "--reason", "x"]]) {
    const run = await world.run(argv);
    t.strictSame([run.exitCode, run.stdout], [1, ""], argv.join(" "));
    t.match(run.stderr, [/nothing has ever been remembered in the state that is set/]);
  }
  t.match(statusOf(await world.run()), { partial: true });
});

test("an account that can't be asked is not one without marks, and one that settings leave out is not listed", async (t) => {
  const expired = { action: "sts:GetCallerIdentity", code: "ExpiredToken", status: 403, message: "too old" };
  const shut = await openDirtycountWorld(t, [someInstances], { faults: [{ ...expired, kind: "error" }] });
  await markSome(shut);
  const unread = await shut.run(["list"]);
  t.strictSame([unread.exitCode, unread.stdout], [1, ""]);
  const world = await openDirtycountWorld(t, [someInstances]);
  await markSome(world);
  t.equal((await world.run(["list", "--exclude-accounts", "111122223333"])).stdout, "no instance is marked\n");
});

test("clear takes nothing where an id is recorded in two regions and none is named", async (t) => {
  const world = await openDirtycountWorld(t, [west({ tags: skunked }), east]);
  for (const region of ["eu-west-1", "ap-south-1"]) await world.mark(region, id(1));
  const refused = await world.commit(["clear", id(1), "--reason", "x"]);
  t.equal(refused.exitCode, 2);
  t.match(refused.stderr, [
    new RegExp(`"${id(1)}" is recorded more than once: ap-south-1/${id(1)} in account 111122223333, eu-west-1/`),
  ]);
  t.strictSame(world.aws.writes(), []);
  t.equal((await world.commit(["clear", `eu-west-1/${id(1)}`, "--reason", "x"])).exitCode, 0);
  t.ok(await world.inMarks((marks) => marks.find({ region: "ap-south-1", instanceId: id(1) })));
  const roles = ["one", "other"].map((name) => `arn:aws:iam::111122223333:role/${name}`).join();
  const listed = await world.run(["list", "--role-arns", roles]);
  t.equal(listed.stdout.split("\n").length, 3, "an account that two roles lead to is listed once");
});

test("clear takes a record and its tag away in mode commit, for a reason that the journal keeps", async (t) => {
  const world = await openDirtycountWorld(t, [west({ tags: { ...skunked, owner: "ada" } }, { tags: skunked })]);
  await world.mark("eu-west-1", id(1));
  await world.inStore((store) =>
    openDueBook(store, () => "x").add({ accountId: "111122223333", region: "eu-west-1", instanceIds: [id(1), id(2)] }),
  );
  const refused = await world.run(["clear", id(1), "--reason", "rebuilt"]);
  t.equal(refused.exitCode, 3);
  t.match(refused.stderr, [/not cleared: refused by gate mode/]);
  t.strictSame(world.aws.writes(), []);
  const cleared = await world.commit(["clear", id(1), "--reason", "rebuilt from scratch"]);
  t.strictSame([cleared.exitCode, cleared.stdout, cleared.stderr], [0, `cleared: ${id(1)} in eu-west-1\n`, []]);
  t.strictSame([...(world.region("eu-west-1").instances.find(id(1))?.tags.keys() ?? [])], ["owner"]);
  t.equal(await world.inMarks((marks) => marks.find({ region: "eu-west-1", instanceId: id(1) })), undefined);
  t.match(await world.journal(), [
    {
      ...{ state: "applied", who: /^arn:/ },
      action: { kind: "clear", reason: "rebuilt from scratch", decidedBy: /^dirtycount clear, by .+@/ },
    },
  ]);
  const due = await world.inStore(async (store) => {
    for await (const one of openDueBook(store, () => "x").list()) return one.instanceIds;
    return [];
  });
  t.strictSame(due, [id(2)], "it is not tagged again by a promise that was made before");
  const [entry] = await world.journal();
  const undone = await world.undo(entry === undefined ? "" : idOf(entry));
  t.equal(undone.code, 3);
  t.match(undone.stderr, /what a person has cleared is marked again by the next event/);
  const tagOnly = await world.commit(["clear", `eu-west-1/${id(2)}`, "--reason", "by hand"]);
  t.equal(tagOnly.exitCode, 0);
  t.notOk(world.region("eu-west-1").instances.find(id(2))?.tags.has("dirty"));
  const nothing = await world.commit(["clear", `eu-west-1/${id(2)}`, "--reason", "by hand"]);
  t.match([nothing.exitCode, nothing.stdout], [0, /^nothing to clear: /]);
});

test("clear refuses what it can't mean", async (t) => {
  const world = await openDirtycountWorld(t, [west({})]);
  await world.inMarks(async () => undefined);
  for (const { argv, want } of [
    { argv: ["clear", "--reason", "x"], want: /"" is no instance/ },
    { argv: ["clear", "web-1"], want: /"web-1" is no instance/ },
    { argv: ["clear", id(1)], want: /--reason must say why/ },
    { argv: ["clear", id(1), "--reason", " "], want: /flag --reason/ },
    { argv: ["clear", id(1), "--reason="], want: /reason/ },
    { argv: ["clear", `eu-west-1/eu-west-1/${id(1)}`, "--reason", "x"], want: /is no instance/ },
    { argv: ["clear", `/${id(1)}`, "--reason", "x"], want: /is no instance/ },
    { argv: ["clear", id(5), "--reason", "x"], want: /no account .* has a record/ },
  ]) {
    const run = await world.commit(argv);
    t.equal(run.exitCode, 2);
    t.match(run.stderr[0], want);
  }
});

test("recorded events are replayed without AWS", async (t) => {
  const world = await openDirtycountWorld(t, [east]);
  const host = { instance_account_id: "111122223333", instance_region: "eu-west-1", event: "ssh", user: "ada" };
  const lines = [
    { ...host, instance_id: id(1) },
    { ...host, instance_id: id(1) },
    { ...host, instance_id: id(2) },
  ];
  const directory = t.testdir({ "events.jsonl": `${lines.map((one) => JSON.stringify(one)).join("\n")}\n{}\n` });
  const run = await world.run(["--simulate", `${directory}/events.jsonl`]);
  t.strictSame([run.exitCode, run.calls], [0, {}]);
  t.match(run.stdout, new RegExp(`111122223333  eu-west-1  ${id(1)}  high +2 `));
  t.match(run.stdout, /\n4 messages: 3 events on 2 instances, 0 dropped by filters, 1 messages that mark nothing\n/);
  t.match(run.stdout, /\nline 4: malformed: /);
  t.match(run.stdout, /\ndirty,account=111122223333,level=high,region=eu-west-1 instances=2i,oldest_s=0i,events=3i\n/);
  const missing = await world.run(["--simulate", `${directory}/none.jsonl`]);
  t.equal(missing.exitCode, 2);
  t.match(missing.stderr, [/flag --simulate: can't read/]);
});

test("marks in DynamoDB count as those in a directory, and end there", async (t) => {
  const world = await openDirtycountWorld(t, [west({}, {}, { state: "terminated" })]);
  const { url, environment } = await startDynalite(t);
  const store = await openDynamoDbStore({
    ...{ client: makeDynamoDbClient(url), table: "stalewatch", warn: () => undefined },
    stop: new AbortController().signal,
  });
  const marks = openMarks(store, "111122223333", Date.now);
  for (const end of [1, 3])
    await marks.update({ region: "eu-west-1", instanceId: id(end) }, (mark) => ({ ...mark, verified: aTally() }));
  const run = await world.run(["--state", "dynamodb"], environment);
  t.match(countsOf(run, "eu-west-1"), { instances: 2, dirty: 1, record_only: 1 });
  t.match(statusOf(run), { ok: true, partial: false });
  t.ok((await marks.find({ region: "eu-west-1", instanceId: id(3) }))?.endedAt);
});

test("one of a group is recycled in a run, and only where that is set", async (t) => {
  const members = Array.from({ length: 3 }, () => ({ autoScalingGroup: "web" }));
  const world = await openDirtycountWorld(t, [west(...members, {})]);
  const at = Date.now() - days(2);
  for (const end of [1, 2, 4])
    await world.mark("eu-west-1", id(end), { verified: aTally({ firstAt: at - hours(end), lastAt: at }) });
  const terminations = () => world.aws.writes().filter(({ action }) => action.startsWith("autoscaling:"));
  await world.commit();
  t.strictSame(terminations(), []);
  const run = await world.commit(["--recycle", "--max-share", "100"]);
  t.match(
    terminations().map(({ parameters }) => parameters),
    [{ InstanceId: id(2), ShouldDecrementDesiredCapacity: "false" }],
  );
  t.match(statusOf(run), { planned: 2, applied: 1, refused: 1 });
  t.match(pointsOf(run, "stalewatch_refusal"), [{ tags: { reason: "group_busy" } }]);
  const listed = await world.run(["list"]);
  t.match(listed.stdout, new RegExp(`${id(2)} .* recycled `));
});
