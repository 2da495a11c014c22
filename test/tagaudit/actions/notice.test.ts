import { test } from "tap";
import type { Message } from "../../../lib/core/message.ts";
import { days, hours } from "../../../lib/core/time.ts";
import type { FoundPerson, Notifier, Recipient } from "../../../lib/notify/notifier.ts";
import type { Owner } from "../../../lib/owners/find-owner.ts";
import { findOwnerNow } from "../../../lib/tagaudit/actions/owner.ts";
import { openInstanceActing } from "../../support/instance-acting.ts";
import { ownerRule, told } from "../../support/instance-ladders.ts";
import { aNotifier } from "../../support/key-acting.ts";
import { now } from "../../support/tagaudit-records.ts";

interface Sent {
  readonly to: Recipient;
  readonly message: Message;
}

/** Takes everything, and finds everybody by their Slack id or address. */
function openChannel({ proves = true, ...changes }: Partial<Notifier> & { readonly proves?: boolean } = {}) {
  const sent: Sent[] = [];
  const notifier = aNotifier({
    findPerson: async (owner): Promise<FoundPerson> => {
      const id = owner.by === "email" ? owner.email : owner.slackId;
      return { person: { id, name: id } };
    },
    async send(_intent, to, message) {
      sent.push({ to, message });
      const isDelivered = proves && "person" in to;
      return { channel: "D1", message: `1.${sent.length}`, at: now, isDelivered };
    },
    ...changes,
  });
  return { sent, notifier };
}

const ladderName = { region: "eu-west-1", instanceId: "i-1" };
const inNotify = { mode: "notify" } as const;
const textOf = ({ message }: Sent) => JSON.stringify(message);

test("an owner is told, with the times that are remembered as said", async (t) => {
  const { sent, notifier } = openChannel();
  const place = openInstanceActing({ notifier });
  await place.put({ id: "i-1", tags: { created_by: "ada@example.org" } }, {});
  t.match(await place.run(await place.plan(inNotify)), { outcomes: [/^notice i-1 applied/] });
  t.match(sent, [{ to: { person: { id: "ada@example.org" } } }]);
  t.match(textOf(sent[0] as Sent), /stopped from then on.*2026-03-22T12:00:00Z, it may be terminated/);
  t.match(await place.ladders.find(ladderName), {
    ...{ notices: 1, lastNoticeAt: now, person: "ada@example.org" },
    told: { [ownerRule]: { stop: now, terminate: now } },
    announced: { stop: now + days(7), terminate: now + days(21) },
  });
});

test("whoever was told before keeps their times, and somebody else gets the whole time", async (t) => {
  const before = { ...told(days(2)), person: "ada@example.org" };
  for (const [name, want] of Object.entries({ ada: "2026-03-06", bob: "2026-03-08" })) {
    const { sent, notifier } = openChannel();
    const place = openInstanceActing({ notifier });
    await place.put({ id: "i-1", tags: { created_by: `${name}@example.org` } }, before);
    await place.run(await place.plan(inNotify));
    t.match(textOf(sent[0] as Sent), new RegExp(`not tagged by ${want}T12:00:00Z, it may be stopped`), name);
  }
});

test("a time that a setting has cut short since is said as it was", async (t) => {
  const { sent, notifier } = openChannel();
  const place = openInstanceActing({ notifier });
  await place.put({ id: "i-1" }, { ...told(days(9)), announced: { stop: now + days(3) } });
  await place.run(await place.plan(inNotify));
  t.match(textOf(sent[0] as Sent), /not tagged by 2026-03-04T12:00:00Z, it may be stopped/);
});

test("what was stopped is not said to be stopped again", async (t) => {
  const { sent, notifier } = openChannel();
  const place = openInstanceActing({ notifier });
  const stopped = { at: now - days(4), id: "tagaudit/123456789012/stop/eu-west-1/i-1/1" };
  await place.put({ id: "i-1", state: "stopped" }, { ...told(days(20)), stopped, said: ["stopped"] });
  await place.run(await place.plan(inNotify));
  t.notMatch(textOf(sent[0] as Sent), /may be stopped/);
  t.match(textOf(sent[0] as Sent), /not tagged by 2026-03-11T12:00:00Z, it may be terminated/);
});

test("whoever has tagged it since the scan is not told", async (t) => {
  const { sent, notifier } = openChannel();
  const place = openInstanceActing({ notifier });
  const instance = await place.put({ id: "i-1" }, {});
  const planned = await place.plan(inNotify);
  place.world.instances.set("i-1", { ...instance, tags: new Map([["owner", "ada"]]) });
  t.match(await place.run(planned), { refusals: [/^notice i-1 changed/] });
  place.world.instances.clear();
  t.match(await place.run(planned), { outcomes: ["notice i-1 unneeded: the instance is gone"] });
  t.strictSame(sent, []);
});

const proofless = [
  { name: "a message to the fallback channel", acting: { fallbackChannel: "#ops" }, proves: true, tags: {} },
  { name: "a delivery that proves nothing", acting: {}, proves: false, tags: { created_by: "ada@example.org" } },
] as const;

for (const { name, acting, proves, tags } of proofless) {
  test(`${name} is a notice, and starts no clock`, async (t) => {
    const { sent, notifier } = openChannel({ proves });
    const place = openInstanceActing({ notifier, ...acting });
    await place.put({ id: "i-1", tags }, {});
    t.match(await place.run(await place.plan(inNotify)), { outcomes: [/^notice i-1 applied/] });
    t.equal(sent.length, 1);
    const ladder = await place.ladders.find(ladderName);
    t.match(ladder, { notices: 1, told: {} });
    t.notOk("person" in (ladder ?? {}));
    place.clock.now += days(60);
    t.match((await place.run(await place.plan({ settings: { sendNotices: false } }))).refusals, [/^stop i-1 told/]);
  });
}

test("nobody to tell, and no fallback: refused", async (t) => {
  const { notifier } = openChannel();
  const place = openInstanceActing({ notifier });
  await place.put({ id: "i-1" }, {});
  t.strictSame((await place.run(await place.plan(inNotify))).refusals, [
    "notice i-1 owner: no tag names an owner that can be reached; CloudTrail does not say who launched it",
  ]);
});

test("a notice that did not go out waits longer before it is tried again", async (t) => {
  const { notifier } = openChannel({
    send: async () => Promise.reject(new Error("down")),
    findSent: async () => undefined,
  });
  const place = openInstanceActing({ notifier });
  await place.put({ id: "i-1", tags: { created_by: "ada@example.org" } }, {});
  t.match((await place.run(await place.plan(inNotify))).outcomes, ["notice i-1 failed: down"]);
  t.match(await place.ladders.find(ladderName), { notices: 0, failures: { notice: { count: 1 } } });
  t.strictSame(await place.plan(inNotify), []);
});

test("news of a stop and of a termination go out once each, also of what is in no scan any more", async (t) => {
  const { sent, notifier } = openChannel();
  const place = openInstanceActing({ notifier });
  await place.put({ id: "i-1" }, { ...told(days(30)), lastNoticeAt: now });
  await place.run(await place.plan());
  await place.run(await place.plan());
  t.match(sent, [{ to: { person: { id: "U1" } }, message: { subject: /i-1 in eu-west-1 was stopped/ } }]);
  t.match(textOf(sent[0] as Sent), /stalewatch undo tagaudit\/123456789012\/stop\/eu-west-1\/i-1\/1/);
  t.match(textOf(sent[0] as Sent), /not tagged by 2026-03-15T12:00:00Z, it may be terminated/);
  const [instance] = place.world.instances.values();
  if (instance !== undefined) place.world.instances.set("i-1", { ...instance, state: "stopped" });
  place.clock.now += days(14);
  await place.run(await place.plan({ settings: { sendNotices: false } }));
  place.world.instances.clear();
  await place.run(await place.plan());
  await place.run(await place.plan());
  t.strictSame(sent.length, 2);
  t.match(sent[1], { message: { subject: /i-1 in eu-west-1 was terminated/ } });
});

test("news of what was undone meanwhile is none", async (t) => {
  const { sent, notifier } = openChannel();
  const place = openInstanceActing({ notifier });
  await place.put({ id: "i-1" }, { ...told(days(30)), lastNoticeAt: now });
  await place.run(await place.plan());
  const planned = await place.plan();
  await place.ladders.update(await ladderOf(place), ({ stopped: _, ...one }) => one);
  t.match((await place.run(planned)).outcomes, ["news i-1 unneeded: it was undone meanwhile"]);
  t.strictSame(sent, []);
});

async function ladderOf({ ladders }: ReturnType<typeof openInstanceActing>) {
  const ladder = await ladders.find(ladderName);
  if (ladder === undefined) throw new Error("no ladder");
  return ladder;
}

const owners: readonly {
  readonly name: string;
  readonly owner?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly map?: ReadonlyMap<string, string>;
  readonly person?: string;
  readonly launcher?: string | Error;
  readonly want: Owner | RegExp;
}[] = [
  { name: "an address that a tag names", owner: "ada@example.org", want: { by: "email", email: "ada@example.org" } },
  {
    name: "a name that the map has",
    owner: "Ada",
    map: new Map([["ada", "U0ADA"]]),
    want: { by: "map", slackId: "U0ADA" },
  },
  {
    name: "whom created_by names comes before an address beside it",
    owner: "ada@example.org",
    tags: { email: "team@example.org" },
    want: { by: "email", email: "ada@example.org" },
  },
  {
    name: "a name that nobody knows leaves it to the address beside it",
    owner: "ada",
    tags: { email: "team@example.org" },
    want: { by: "email", email: "team@example.org" },
  },
  { name: "or to a Slack id", owner: "ada", tags: { slack: "U0ADA1" }, want: { by: "tag", slackId: "U0ADA1" } },
  {
    name: "no tag: whoever was told before",
    person: "U9",
    launcher: "eve@example.org",
    want: { by: "map", slackId: "U9" },
  },
  { name: "by mail, too", person: "eve@example.org", want: { by: "email", email: "eve@example.org" } },
  { name: "else whoever launched it", launcher: "eve@example.org", want: { by: "email", email: "eve@example.org" } },
  {
    name: "whom the map has",
    launcher: "eve",
    map: new Map([["eve", "U0EVE"]]),
    want: { by: "map", slackId: "U0EVE" },
  },
  { name: "a role that launched it is nobody", launcher: "jenkins", want: /; whoever launched it can't be reached$/ },
  {
    name: "a look-up that is denied",
    launcher: new Error("denied"),
    want: /; who launched it can't be looked up: denied$/,
  },
];

for (const { name, owner, tags = {}, map = new Map(), person, launcher, want } of owners) {
  test(`owner: ${name}`, async (t) => {
    const asked: Owner[] = [];
    const { notifier } = openChannel({
      async findPerson(found) {
        asked.push(found);
        return { person: { id: "U1", name: "U1" } };
      },
    });
    const place = openInstanceActing();
    await place.put({ id: "i-1" }, person === undefined ? {} : { person });
    const found = await findOwnerNow(
      { ...ladderName, tags, ...(owner === undefined ? {} : { owner }) },
      {
        ...{ notifier, ownerMap: map, ladders: place.ladders },
        async findLauncher() {
          if (launcher instanceof Error) throw launcher;
          return launcher;
        },
      },
    );
    if (want instanceof RegExp) t.match(found, { missing: want });
    else t.strictSame(asked, [want]);
  });
}

test("owner: whom a tag names and nobody can reach gives way to whoever launched it", async (t) => {
  const { notifier } = openChannel({
    findPerson: async (owner): Promise<FoundPerson> =>
      owner.by === "email" && owner.email.startsWith("eve")
        ? { person: { id: "U0EVE", name: "eve" } }
        : { missing: "deactivated" },
  });
  const place = openInstanceActing();
  const asking = { notifier, ownerMap: new Map(), ladders: place.ladders, findLauncher: async () => "eve@example.org" };
  t.match(await findOwnerNow({ ...ladderName, tags: {}, owner: "ada@example.org" }, asking), {
    person: { id: "U0EVE" },
  });
  const unknown = { ...asking, findLauncher: async () => undefined };
  t.match(await findOwnerNow({ ...ladderName, tags: {}, owner: "ada@example.org" }, unknown), {
    missing: "deactivated; CloudTrail does not say who launched it",
  });
});

test("a notice younger than the clock ahead of ours counts by the later one", async (t) => {
  const { notifier } = openChannel({
    send: async () => ({ channel: "D1", message: "1.1", at: now - hours(3), isDelivered: true }),
  });
  const place = openInstanceActing({ notifier });
  await place.put({ id: "i-1", tags: { created_by: "ada@example.org" } }, {});
  await place.run(await place.plan(inNotify));
  t.match(await place.ladders.find(ladderName), { lastNoticeAt: now, told: { [ownerRule]: { stop: now } } });
});
