import { test } from "tap";
import { OpsError } from "../../lib/core/errors.ts";
import type { Message } from "../../lib/core/queue.ts";
import { hours, type Millis, minutes, seconds } from "../../lib/core/time.ts";
import { keepHidden, type Timers } from "../../lib/queue/keep-hidden.ts";
import type { Queue } from "../../lib/queue/queue.ts";

const aMessage = (id: string): Message => ({
  ...{ id, receipt: id, body: "", sentAt: 0, receiveCount: 1, senderId: undefined, group: undefined },
});

interface Hidden {
  readonly at: Millis;
  readonly ids: string;
  readonly visibility: Millis;
}

interface World {
  readonly now: () => Millis;
  readonly hidden: readonly Hidden[];
  readonly notes: readonly string[];
  readonly timers: Timers;
  readonly queue: Pick<Queue, "name" | "hide">;
  readonly note: (what: string, why: unknown) => void;
  /** Lets time go by, with whatever falls due in it. */
  pass(length: Millis): Promise<void>;
}

/** A clock of its own, and a queue that refuses what `refuse` says something about. */
function openWorld(refuse: (id: string, now: Millis) => string | undefined = () => undefined): World {
  let now: Millis = 0;
  const due = new Map<() => void, Millis>();
  const [hidden, notes]: [Hidden[], string[]] = [[], []];
  return {
    ...{ hidden, notes, now: () => now },
    timers: {
      now: () => now,
      after(wait, then) {
        const ring = () => then();
        due.set(ring, now + wait);
        return () => due.delete(ring);
      },
    },
    queue: {
      name: "skunky",
      async hide(messages, visibility) {
        hidden.push({ at: now, ids: messages.map(({ id }) => id).join(" "), visibility });
        return messages.flatMap((message) => {
          const says = refuse(message.id, now);
          return says === undefined ? [] : [{ message, says }];
        });
      },
    },
    note: (what, why) => notes.push(`${now / 1000} s: ${what}: ${why}`),
    async pass(length) {
      const end = now + length;
      for (;;) {
        const [ring, at = 0] = [...due].sort(([, left], [, right]) => left - right)[0] ?? [];
        if (ring === undefined || at > end) break;
        due.delete(ring);
        now = at;
        ring();
        await settled();
      }
      now = end;
    },
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

const visibility = seconds(60);

test("messages are hidden anew at every half of their visibility, until they are released", async (t) => {
  const world = openWorld();
  const hiding = keepHidden({ ...world, messages: [aMessage("a"), aMessage("b")], visibility });
  await world.pass(seconds(30) - 1);
  t.strictSame(world.hidden, [], "not before");
  await world.pass(seconds(61));
  t.strictSame(
    world.hidden,
    [30, 60, 90].map((at) => ({ at: seconds(at), ids: "a b", visibility })),
  );
  await hiding.release();
  await world.pass(hours(1));
  t.equal(world.hidden.length, 3);
  t.strictSame(world.notes, []);
});

test("the half counts from when they were received", async (t) => {
  const world = openWorld();
  await world.pass(seconds(20));
  keepHidden({ ...world, messages: [aMessage("a")], visibility, since: 0 });
  await world.pass(seconds(25));
  t.match(world.hidden, [{ at: seconds(40) }], "half of the forty seconds that are left");
});

test("of none nothing is asked", async (t) => {
  const world = openWorld();
  const hiding = keepHidden({ ...world, messages: [], visibility });
  await world.pass(hours(1));
  await hiding.release();
  t.strictSame([world.hidden, world.notes], [[], []]);
});

test("one that is refused is tried again by itself, others go on", async (t) => {
  const world = openWorld((id, now) => (id === "b" && now < seconds(45) ? "InternalError" : undefined));
  keepHidden({ ...world, messages: [aMessage("a"), aMessage("b")], visibility });
  await world.pass(seconds(75));
  t.strictSame(
    world.hidden.map(({ at, ids }) => `${at / 1000} ${ids}`),
    ["30 a b", "45 b", "60 a", "75 b"],
  );
  t.strictSame(world.notes, ['30 s: messages in work (1) of queue "skunky": InternalError']);
});

test("what is always refused is given up before it is visible, and told of each time", async (t) => {
  const world = openWorld(() => "InternalError");
  keepHidden({ ...world, messages: [aMessage("a"), aMessage("b")], visibility });
  await world.pass(hours(1));
  t.strictSame(
    world.hidden.map(({ at }) => at / 1000),
    [30, 45, 52.5, 56.25, 58.125],
  );
  t.equal(world.notes.length, 6);
  t.match(world.notes.at(-1), /^58.125 s: messages in work \(2\) .*: others may be delivered them/);
});

test("a queue that can't be asked refuses all", async (t) => {
  const world = openWorld(() => {
    throw new OpsError("denied", "not authorized");
  });
  keepHidden({ ...world, messages: [aMessage("a")], visibility });
  await world.pass(seconds(30));
  t.strictSame(world.notes, ['30 s: messages in work (1) of queue "skunky": not authorized']);
});

test("nothing is hidden for longer than twelve hours, and that is told", async (t) => {
  const world = openWorld();
  keepHidden({ ...world, messages: [aMessage("a")], visibility: hours(8) });
  await world.pass(hours(24));
  const ends = world.hidden.map((one) => one.at + one.visibility);
  t.strictSame(ends, [hours(12) - minutes(1)]);
  t.equal(world.notes.length, 1);
  t.match(world.notes[0], /longer than 12 hours/);
});

test("a release waits for the call under way, and tells of it no more", async (t) => {
  const world = openWorld();
  let answer = () => {};
  const queue: World["queue"] = {
    name: "skunky",
    hide: (messages) =>
      new Promise((resolve) => {
        answer = () => resolve(messages.map((message) => ({ message, says: "gone" })));
      }),
  };
  const hiding = keepHidden({ ...world, queue, messages: [aMessage("a")], visibility });
  await world.pass(seconds(30));
  let isReleased = false;
  const releasing = hiding.release().then(() => {
    isReleased = true;
  });
  await settled();
  t.equal(isReleased, false);
  answer();
  await releasing;
  await world.pass(hours(1));
  t.strictSame(world.notes, []);
});

test("without timers it goes by the process's own", async (t) => {
  const hidden = new Promise<number>((resolve) => {
    const queue: World["queue"] = {
      name: "skunky",
      async hide(messages) {
        resolve(messages.length);
        return [];
      },
    };
    const hiding = keepHidden({ queue, messages: [aMessage("a")], visibility: 40, note: () => {} });
    t.teardown(() => hiding.release());
  });
  // What it waits by keeps no process alive.
  const alive = setInterval(() => {}, 1000);
  t.equal(await hidden, 1);
  clearInterval(alive);
});
