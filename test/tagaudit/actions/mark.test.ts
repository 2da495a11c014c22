import { test } from "tap";
import { asEntry, journalOf } from "../../../lib/act/entry.ts";
import { undo } from "../../../lib/act/undo.ts";
import { OpsError } from "../../../lib/core/errors.ts";
import { hours, minutes, seconds } from "../../../lib/core/time.ts";
import { planMarks } from "../../../lib/tagaudit/plan-marks.ts";
import { openInstanceActing } from "../../support/instance-acting.ts";
import { aCanary, now } from "../../support/tagaudit-records.ts";

const account = { program: "tagaudit", accountId: "123456789012" } as const;
const stamp = "2026-03-01T12:00:00Z";
const former = "2026-02-28T12:00:00Z";
const id = "tagaudit/123456789012/mark/eu-west-1/i-0canary/2026-03-01T12";
const applied = "mark i-0canary applied: region eu-west-1 was read to its end, and its canary seen";

type Place = ReturnType<typeof openInstanceActing>;

const owner = { owner: "platform" };

/** A region whose canary keeps the scheme. */
function openPlace(
  tags: Readonly<Record<string, string>> = {},
  changes: Parameters<typeof openInstanceActing>[0] = {},
) {
  const place = openInstanceActing(changes);
  const canary = aCanary({ tags: { ...owner, ...tags } });
  place.world.instances.set(canary.id, canary);
  return place;
}

const planned = ({ clock }: Place) =>
  planMarks([{ instance: aCanary(), readAt: clock.now }], { ...account, mode: "commit", canaryTimestamp: true });

const stampIn = ({ world }: Place) => world.instances.get("i-0canary")?.tags.get("canary_timestamp");
const writesOf = ({ world }: Place) => world.called.filter((one) => one.startsWith("CreateTags"));
const entryOf = async ({ store }: Place, name = id) => (await store.get(journalOf(account), name))?.body;

test("the canary is looked at, stamped, and its former stamp journaled; no ladder is made of it", async (t) => {
  const place = openPlace({ canary_timestamp: former });
  t.match(await place.run(planned(place)), { outcomes: [applied], refusals: [] });
  t.strictSame(place.world.called, ["describe i-0canary", "CreateTags i-0canary", "describe i-0canary"]);
  t.equal(stampIn(place), stamp);
  t.match(await entryOf(place), { state: "applied", before: { value: former }, after: { value: stamp } });
  t.equal((await place.ladders.load()).size, 0);
});

const spared = [
  {
    name: "no canary",
    alter: ({ world }: Place) => world.instances.clear(),
    want: { outcomes: ["mark i-0canary unneeded: the canary is gone"] },
  },
  {
    name: "a canary that is being terminated",
    alter: ({ world }: Place) => world.instances.set("i-0canary", aCanary({ state: "shutting-down" })),
    want: { outcomes: ["mark i-0canary unneeded: the canary is gone"] },
  },
  {
    name: "an instance that is no canary by now",
    alter: ({ world }: Place) => world.instances.set("i-0canary", aCanary({ tags: { ...owner, project: "shop" } })),
    want: { refusals: ["mark i-0canary changed: it is no sound canary any more"] },
  },
  {
    name: "a canary that runs",
    alter: ({ world }: Place) => world.instances.set("i-0canary", aCanary({ tags: owner, state: "running" })),
    want: { refusals: ["mark i-0canary changed: it is no sound canary any more"] },
  },
  {
    name: "a canary that breaks the scheme by now",
    alter: ({ world }: Place) => world.instances.set("i-0canary", aCanary()),
    want: { refusals: ["mark i-0canary changed: it is no sound canary any more"] },
  },
] as const;

for (const { name, alter, want } of spared) {
  test(`not stamped: ${name}`, async (t) => {
    const place = openPlace();
    alter(place);
    t.match(await place.run(planned(place)), { outcomes: [], refusals: [], ...want });
    t.strictSame([writesOf(place), (await place.ladders.load()).size], [[], 0]);
  });
}

test("denied: it failed, it says so, and the same hour may try it again", async (t) => {
  const place = openPlace();
  place.world.denied.add("i-0canary");
  const { outcomes } = await place.run(planned(place));
  t.match(outcomes, [/^mark i-0canary failed: ec2:CreateTags: words for UnauthorizedOperation/]);
  t.equal(stampIn(place), undefined);
  place.world.denied.clear();
  t.match((await place.run(planned(place))).outcomes, [applied]);
  t.equal(writesOf(place).length, 2);
});

test("an answer that is lost: the tag itself tells that it was written", async (t) => {
  const place = openPlace();
  place.world.afterWrite = () => {
    throw Object.assign(new Error("reset"), { name: "TimeoutError" });
  };
  t.match((await place.run(planned(place))).outcomes, [applied]);
  t.equal(writesOf(place).length, 1);
  t.match(await entryOf(place), { state: "applied", after: { value: stamp } });
});

const kills = [
  { name: "after the call", isWritten: true, want: "applied" },
  { name: "before the call", isWritten: false, want: "failed" },
];

for (const { name, isWritten, want } of kills) {
  test(`killed ${name}: the next run records what the canary shows`, async (t) => {
    const place = openPlace({}, { consistency: 0 });
    let isDead = false;
    const mortal = { ...place.store };
    for (const method of ["get", "create", "replace", "remove"] as const) {
      const alive: (...asked: never[]) => Promise<unknown> = place.store[method].bind(place.store);
      Object.assign(mortal, {
        [method]: async (...asked: never[]) => {
          if (isDead) throw new OpsError("other", "killed");
          return alive(...asked);
        },
      });
    }
    place.world.afterWrite = () => {
      isDead = true;
      const canary = place.world.instances.get("i-0canary");
      if (!isWritten && canary !== undefined) place.world.instances.set(canary.id, aCanary({ tags: owner }));
    };
    await place.run(planned(place), { store: mortal }).catch(() => undefined);
    t.match(await entryOf(place), { state: "intended" });
    place.world.afterWrite = () => undefined;
    place.clock.now += minutes(2);
    await place.run([], { token: "b" });
    t.match(await entryOf(place), { state: want });
    t.equal(writesOf(place).length, 1);
  });
}

test("the same hour stamps it once, the next one anew", async (t) => {
  const place = openPlace();
  await place.run(planned(place));
  place.clock.now += minutes(5);
  await place.run(planned(place));
  t.strictSame([writesOf(place).length, stampIn(place)], [1, stamp]);
  place.clock.now = now + hours(1);
  await place.run(planned(place));
  t.strictSame([writesOf(place).length, stampIn(place)], [2, "2026-03-01T13:00:00Z"]);
  const states: string[] = [];
  for await (const { body } of place.store.list(journalOf(account))) states.push(asEntry(body).state);
  t.strictSame(states, ["applied", "applied"]);
});

const undoIn = (place: Place) =>
  undo({
    ...{ store: place.store, id, holder: { token: "person", host: "elsewhere", pid: 1 }, clock: () => place.clock.now },
    ...{ leaseLength: seconds(10), stop: new AbortController().signal },
    openMeans: async () => ({ accountId: account.accountId, arn: "tester", kinds: place.kinds }),
  });

const retag = ({ world }: Place, value: string) =>
  world.instances.set("i-0canary", aCanary({ tags: { ...owner, canary_timestamp: value } }));

const undos = [
  {
    name: "the former stamp is set again",
    before: { canary_timestamp: former },
    alter: () => undefined,
    want: { is: "undone", says: "its former time stamp is set again by a person" },
    stamp: former,
  },
  {
    name: "where there was none, none is taken off",
    before: {},
    alter: () => undefined,
    want: {
      is: "refused",
      says: 'by gate no_undo: it had no tag "canary_timestamp" before, and none is taken off',
    },
    stamp,
  },
  {
    name: "a newer stamp is left alone",
    before: { canary_timestamp: former },
    alter: (place: Place) => retag(place, "2026-03-01T13:00:00Z"),
    want: { is: "refused", says: "by gate changed: it has been given another time stamp since" },
    stamp: "2026-03-01T13:00:00Z",
  },
  {
    name: "what is as it was needs none",
    before: { canary_timestamp: former },
    alter: (place: Place) => retag(place, former),
    want: { is: "unneeded", says: "it has its former time stamp already" },
    stamp: former,
  },
  {
    name: "a canary that is gone has none",
    before: { canary_timestamp: former },
    alter: ({ world }: Place) => world.instances.clear(),
    want: { is: "refused", says: "by gate gone: the canary is gone" },
    stamp: undefined,
  },
] as const;

for (const { name, before, alter, want, stamp: wanted } of undos) {
  test(`undo: ${name}`, async (t) => {
    const place = openPlace(before);
    await place.run(planned(place));
    alter(place);
    t.match(await undoIn(place), want);
    t.equal(stampIn(place), wanted);
    if (want.is === "undone") t.match(await undoIn(place), { is: "refused", says: /^it is undone already/ });
  });
}
