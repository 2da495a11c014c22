import t, { type Test } from "tap";
import { days, minutes } from "../../lib/core/time.ts";
import { aKey, aUser } from "../../lib/demo/scenario/builders.ts";
import { openWorld, refusalsOf, type World } from "../support/acting.ts";
import { pointsOf, type Run, statusOf } from "../support/run-executable.ts";

t.jobs = 2;
t.setTimeout(minutes(2));
const scenario = (name: string, play: (t: Test) => Promise<void>) => t.test(name, { buffered: true }, play);

/** Of two keys each, which halves the listings. */
const crowdOf = (keys: number) =>
  Array.from({ length: keys / 2 }, (_, at) => aUser({ name: `u${String(at).padStart(3, "0")}`, keys: [old, old] }));
const old = aKey({ ageDays: 200, usedDaysAgo: 30 });
const disabledOf = ({ account }: World) =>
  account.users.list().filter(({ keys }) => keys.some(({ status }) => status === "Inactive")).length;

scenario("the first run in an account of 500 expired keys: notices only, and not more than a few", async (t) => {
  const world = await openWorld(t, { users: crowdOf(500) });
  const first = await world.run();
  t.equal(first.exitCode, 0);
  t.equal(pointsOf(first, "iam").length, 500);
  t.strictSame(refusalsOf(first), { cap: 475, told: 250 });
  t.match(statusOf(first), { planned: 750, permitted: 25, refused: 725, applied: 25 });
  t.equal(world.slack.posts.length, 25);
  await world.run();
  t.equal(world.slack.posts.length, 25, "caps are for a day, not for a run");
  t.strictSame(world.aws.writes(), []);
});

const hashIn = ({ stderr }: Run) => /override_plan "([0-9a-f]+)"/.exec(stderr.join("\n"))?.[1] ?? "none";

scenario("400 keys due and a cap of 10: none but with the plan's own hash, and then 10 in 24 hours", async (t) => {
  const users = crowdOf(400);
  const keycheck = { max_notices: 0, max_disables: 10, max_share: "5%" };
  const world = await openWorld(t, { users, keycheck, run: { log_level: "warn" } });
  await world.tell(
    users.flatMap(({ name }) => [0, 1].map((at) => [name, world.key(name, at)] as const)),
    days(20),
  );
  const refused = await world.run();
  t.match(refusalsOf(refused), { fleet: 200 }, "one key of a user in a run");
  t.match(
    refused.stderr.filter((line) => line.startsWith("W!")),
    [/^W! keycheck: default: disable: refused by fleet: 400 of 400 subjects are due, .* override_plan "[0-9a-f]{12}"/],
    "whoever is to override it must see the hash",
  );
  t.equal(disabledOf(world), 0);
  const argv = ["--override-plan", hashIn(refused)];
  const both = await Promise.all([world.run({ argv }), world.run({ argv })]);
  t.strictSame(
    both.map(({ exitCode }) => exitCode),
    [0, 0],
  );
  t.equal(disabledOf(world), 10);
  const later = await world.run({ argv });
  t.match(refusalsOf(later), { fleet: 200 }, "the hash is good for its plan only");
  const capped = await world.run({ argv: ["--override-plan", hashIn(later)] });
  t.match(refusalsOf(capped), { fleet: undefined, cap: 600 });
  t.equal(world.aws.writes().length, 10);
});

t.end();
