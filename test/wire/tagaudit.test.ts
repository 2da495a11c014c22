import { after, end, test } from "tap";
import { hours, minutes } from "../../lib/core/time.ts";
import type { Instance } from "../../lib/demo/ec2/instance.ts";
import { startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { anAccount, anOrganization, aUser } from "../../lib/demo/scenario/builders.ts";
import { aCanary, anInstance, aRegion } from "../../lib/demo/scenario/region-builders.ts";
import type { InstanceSpec, RegionSpec } from "../../lib/demo/scenario/region-specs.ts";
import { openEmbeddedStore } from "../../lib/state/embedded.ts";
import { hostileTexts } from "../support/hostile-texts.ts";
import { type Launch, pointsOf, type Run, runTagaudit, statusOf } from "../support/run-executable.ts";
import { shiftRecords } from "../support/shift-times.ts";

const owned = (created_by: string, said: Partial<InstanceSpec> = {}): InstanceSpec =>
  anInstance({ ...said, tags: { created_by, ...said.tags } });
const untagged = (id: string, said: Partial<InstanceSpec> = {}): InstanceSpec => anInstance({ ...said, id });

const region = (
  name: string,
  instances: readonly InstanceSpec[] = [],
  canaryTags: InstanceSpec["tags"] = {},
): RegionSpec => aRegion({ name, instances: [aCanary(name, { tags: canaryTags }), ...instances] });

/** What may stand in a tag, each key once. */
const hostileTags: Readonly<Record<string, string>> = Object.fromEntries(
  hostileTexts.map((text, index) => {
    // A control character or half a letter is nothing that XML could carry.
    const legal = [...Buffer.from(text).toString()].filter((letter) => letter >= " ");
    return [`${index} ${legal.slice(0, 60).join("")}`.trim(), legal.slice(0, 100).join("")];
  }),
);

const goodTags = Object.fromEntries(Object.keys(hostileTags).map((key) => [key, "good"]));

const manyUsers = Array.from({ length: 1001 }, (_, index) => aUser({ name: `user-${String(index).padStart(4, "0")}` }));

const accounts = {
  threeRegions: anAccount({
    id: "100000000001",
    alias: "three-regions",
    regions: [
      region("eu-west-1", [untagged("i-0000000000000000a"), owned("ada")]),
      aRegion({ name: "eu-central-1", instances: [untagged("i-0000000000000000b")] }),
      region("us-east-1", [owned("ada")]),
    ],
  }),
  users: anAccount({
    id: "100000000002",
    alias: "users",
    users: manyUsers,
    regions: [
      region("eu-west-1", [owned("user-0000"), owned("user-0100"), owned("user-1000"), owned("stranger")], {
        created_by: "user-1000",
      }),
    ],
  }),
  nameless: anAccount({
    id: "100000000003",
    users: [aUser({ name: "ada" })],
    regions: [region("eu-west-1", [untagged("i-0000000000000000c")])],
  }),
  optional: anAccount({
    id: "100000000004",
    alias: "optional",
    regions: [region("eu-west-1"), region("us-east-1"), aRegion({ name: "af-south-1", optInStatus: "not-opted-in" })],
  }),
  waiting: anAccount({
    id: "100000000005",
    alias: "waiting",
    regions: [region("eu-west-1", [untagged("i-0000000000000000d", { ageDays: 30 })])],
  }),
  hostile: anAccount({
    id: "100000000006",
    alias: "hostile",
    regions: [
      region("eu-west-1", [untagged("i-0000000000000000e", { tags: hostileTags }), owned("mallory")], goodTags),
    ],
  }),
} as const;

const aws = await startOfflineAws({ scenario: anOrganization({ accounts: Object.values(accounts) }) });
after(() => aws.close());

const tagged = ["--tags", "created_by"];
const audit = (identity: string, argv: readonly string[], launch: Launch = {}): Promise<Run> =>
  runTagaudit(aws, { ...launch, identity, argv });

/** Region by region, what its point says. */
const regionsOf = (run: Run): Readonly<Record<string, Readonly<Record<string, unknown>>>> =>
  Object.fromEntries(pointsOf(run, "tagaudit_region").map(({ tags, fields }) => [tags.region ?? "", fields]));

const documentsOf = ({ stdout }: Run): readonly Readonly<Record<string, unknown>>[] =>
  stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

test("a region without its canary is judged by nobody, and the others are", async (t) => {
  const run = await audit("three-regions", [...tagged, "--detail"]);
  t.equal(run.exitCode, 0);
  t.match(regionsOf(run), {
    "eu-west-1": { state: "judged", state_code: 0, canary: 1, instances: 3, judged: 2, violators: 1 },
    "eu-central-1": { state: "canary_missing", state_code: 1, canary: 0, instances: 1, judged: 0 },
    "us-east-1": { state: "judged", canary: 1, judged: 1, violators: 0, coverage_ratio: 1 },
  });
  t.notOk("violators" in (regionsOf(run)["eu-central-1"] ?? {}), "not even zero");
  const cause = "canary of region eu-central-1: no stopped instance has its tags";
  t.match(statusOf(run), { ok: true, partial: true, items: 3, last_error: cause });
  t.strictSame(run.stderr, [`W! tagaudit: default: partial: ${cause}`]);
  const named = pointsOf(run, "tagaudit_violation").map(({ fields }) => fields.instance_id);
  t.strictSame(named, ["i-0000000000000000a"]);
  const tags = pointsOf(run, "tagaudit_tag").map(({ tags }) => tags.region);
  t.strictSame(tags.toSorted(), ["eu-west-1", "us-east-1"]);
});

test("a canary that breaks the scheme vouches for nothing", async (t) => {
  const run = await audit("three-regions", ["--tags", "owner", "--regions", "us-east-1", "--detail"]);
  t.match(regionsOf(run), { "us-east-1": { state: "canary_broken", state_code: 2, canary: 0, judged: 0 } });
  t.match(statusOf(run), {
    ...{ ok: true, partial: true, items: 0 },
    last_error: 'canary of region us-east-1: it breaks the scheme: tag "owner" is missing',
  });
  t.same(pointsOf(run, "tagaudit_violation"), []);
});

test("more than a hundred and more than a thousand users are read, and only a stranger is none of them", async (t) => {
  const run = await audit("users", [...tagged, "--confirm", "--detail"]);
  t.match(run.calls, { "iam:ListUsers": 2 });
  const says = pointsOf(run, "tagaudit_violation").map(({ fields }) => fields.says);
  t.strictSame(says, ['tag "created_by" is "stranger", not the name of an IAM user']);
  t.match(pointsOf(run, "tagaudit_tag"), [{ fields: { judged: 4, present: 4, invalid: 1, coverage_ratio: 0.75 } }]);
  t.match(statusOf(run), { ok: true, partial: false });
});

test("an account of fewer users than min_iam_users is not judged by them, and says so", async (t) => {
  const run = await audit("100000000003", ["--tags", "created_by", "--confirm"]);
  t.match(regionsOf(run), { "eu-west-1": { state: "judged", violators: 1 } });
  t.match(statusOf(run), {
    partial: true,
    last_error: "IAM users: the account has 1, fewer than min_iam_users 2",
  });
});

for (const { name, denials } of [
  { name: "an account without alias", denials: [] },
  { name: "an account whose alias may not be read", denials: [{ action: "iam:ListAccountAliases" }] },
]) {
  test(`${name} is named by its id in documents`, async (t) => {
    aws.organization.denials.push(...denials);
    t.teardown(() => aws.organization.denials.splice(0));
    const identity = denials.length === 0 ? "100000000003" : "three-regions";
    const { id } = denials.length === 0 ? accounts.nameless : accounts.threeRegions;
    const run = await audit(identity, [...tagged, "--regions", "eu-west-1", "--sink", "documents"]);
    t.equal(run.exitCode, 0);
    t.strictSame(run.stderr, []);
    t.match(documentsOf(run), [
      { _index: "aws-audits", doc_type: "aws_tag_violator", account: id, region: "eu-west-1" },
      { doc_type: "aws_tag_audit", account: id, tag_scheme: "created_by", violator_count: 1 },
    ]);
  });
}

test("with an alias documents have that", async (t) => {
  const run = await audit("three-regions", [...tagged, "--regions", "eu-west-1", "--sink", "documents", "--ecs"]);
  const cloud = { provider: "aws", account: { id: accounts.threeRegions.id, name: "three-regions" } };
  t.match(documentsOf(run), [
    { account: "three-regions", violations: ["created_by=missing"], cloud: { ...cloud, region: "eu-west-1" } },
    { account: "three-regions", violators: [{ id: "i-0000000000000000a" }], cloud },
  ]);
});

test("documents do not tell of a region that is judged by nobody", async (t) => {
  const run = await audit("three-regions", [...tagged, "--sink", "documents"]);
  t.strictSame(
    documentsOf(run).map(({ region }) => region),
    ["eu-west-1", undefined],
  );
});

test("regions that are not enabled or skipped are named, and no failure", async (t) => {
  const run = await audit("optional", [
    ...[...tagged, "--regions", "eu-west-1,us-east-1,af-south-1,eu-nowhere-9", "--skip-regions", "us-east-1"],
  ]);
  t.match(regionsOf(run), {
    "eu-west-1": { state: "judged" },
    "us-east-1": { state: "skipped", state_code: 6, judged: 0 },
    "af-south-1": { state: "not_enabled", state_code: 5, judged: 0 },
    "eu-nowhere-9": { state: "failed" },
  });
  t.match(statusOf(run), { ok: true, partial: true, last_error: /^instances of region eu-nowhere-9: / });
});

test("by default the enabled regions are audited, and no others", async (t) => {
  const run = await audit("optional", tagged);
  t.strictSame(Object.keys(regionsOf(run)).toSorted(), ["eu-west-1", "us-east-1"]);
});

const instance = aws.organization.accounts
  .find(({ id }) => id === accounts.waiting.id)
  ?.regions.find("eu-west-1")
  ?.instances.find("i-0000000000000000d") as Instance;

test("grace counts from the first sight in violation, over runs, however long ago an instance was launched", async (t) => {
  const directory = t.testdir({});
  const stateDirectory = `${directory}/state`;
  const environment = { STALEWATCH_STATE_DIRECTORY: stateDirectory };
  const look = () =>
    audit("waiting", [...tagged, "--grace", "2h", "--detail"], { environment, directory, remembers: true });
  const pass = async (time: number) => {
    const store = await openEmbeddedStore({ directory: stateDirectory });
    await shiftRecords(store, `tagaudit.instances#${accounts.waiting.id}`, time).finally(() => store.close());
  };
  const found = (run: Run) => pointsOf(run, "tagaudit_violation").map(({ fields }) => fields.standing);
  t.strictSame(found(await look()), ["in_grace"]);
  await pass(hours(2) - minutes(1));
  t.strictSame(found(await look()), ["in_grace"]);
  await pass(minutes(1));
  t.strictSame(found(await look()), ["violating"]);
  instance.tags.set("created_by", "ada");
  const mended = await look();
  t.same(found(mended), []);
  const { fixed, violators, time_to_fix_s } = regionsOf(mended)["eu-west-1"] ?? {};
  t.strictSame([fixed, violators], [1, 0]);
  t.ok(Number(time_to_fix_s) >= 7200 && Number(time_to_fix_s) < 7260, `fixed after ${time_to_fix_s} s`);
  t.match(regionsOf(await look()), { "eu-west-1": { fixed: 0 } });
});

test("without memory an instance's grace counts from its launch", async (t) => {
  instance.tags.clear();
  t.match(regionsOf(await audit("waiting", [...tagged, "--grace", "29d"])), { "eu-west-1": { violators: 1 } });
  t.match(regionsOf(await audit("waiting", [...tagged, "--grace", "31d"])), { "eu-west-1": { in_grace: 1 } });
});

test("hostile tags stay texts, in points and in documents", async (t) => {
  const keys = Object.keys(hostileTags);
  t.ok(keys.length > 12);
  const scheme = JSON.stringify({
    tags: {
      ...Object.fromEntries(keys.map((key) => [key, { value: { allowed: ["good"] } }])),
      created_by: null,
    },
    canary: { project: "API canary" },
  });
  const directory = t.testdir({ "scheme.json": scheme });
  const argv = ["--scheme", "scheme.json", "--detail"];
  const run = await audit("hostile", argv, { directory });
  t.equal(run.exitCode, 0, run.stderr.join("\n"));
  const violations = pointsOf(run, "tagaudit_violation");
  t.equal(violations.length, 2 * keys.length + 1);
  for (const { tags, fields } of violations) {
    t.strictSame(Object.keys(tags).toSorted(), ["account", "region", "tag"]);
    t.ok(fields.instance_id === "i-0000000000000000e" || fields.kind === "missing");
  }
  t.match(statusOf(run), { ok: true, partial: false, dropped_points: 0 });
  const written = await audit("hostile", [...argv, "--sink", "documents"], { directory });
  const [first] = documentsOf(written).filter(({ id }) => id === "i-0000000000000000e");
  t.strictSame(
    first?.tags,
    Object.entries(hostileTags)
      .map(([key, value]) => `${key}=${value}`)
      .toSorted(),
  );
});

end();
