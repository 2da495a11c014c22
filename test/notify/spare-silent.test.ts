import { test } from "tap";
import { OpsError } from "../../lib/core/errors.ts";
import { type Millis, seconds } from "../../lib/core/time.ts";
import { spareSilent } from "../../lib/notify/spare-silent.ts";

interface Call {
  readonly takes: Millis;
  readonly fails?: OpsError;
}

const hang: Call = { takes: seconds(6), fails: new OpsError("unreachable", "no answer in 6 s") };

interface Case {
  readonly name: string;
  readonly calls: readonly Call[];
  /** How many of them reach the channel. */
  readonly want: number;
}

const cases: readonly Case[] = [
  { name: "one that answers is asked on", calls: Array.from({ length: 9 }, () => ({ takes: seconds(6) })), want: 9 },
  { name: "one that kept us waiting is left alone", calls: [hang, hang, { takes: 0 }, hang], want: 2 },
  {
    name: "just below the patience is not over it",
    calls: [{ ...hang, takes: seconds(9.999) }, { takes: 0 }, { ...hang, takes: 1 }, { takes: 0 }],
    want: 3,
  },
  {
    name: "failures that come at once hold nothing up",
    calls: Array.from({ length: 9 }, () => ({ ...hang, takes: 0 })),
    want: 9,
  },
  {
    name: "what it refuses it has answered",
    calls: Array.from({ length: 9 }, () => ({ takes: seconds(6), fails: new OpsError("denied", "no") })),
    want: 9,
  },
];

for (const { name, calls, want } of cases) {
  test(name, async (t) => {
    let now = 0;
    let reached = 0;
    const channel = {
      async say({ takes, fails }: Call) {
        reached += 1;
        now += takes;
        if (fails !== undefined) throw fails;
        return "said";
      },
    };
    const refuse = (says: string) => new OpsError("other", `Slack: ${says}`);
    const spared = spareSilent(channel, { clock: () => now, patience: seconds(10), refuse });
    for (const [at, call] of calls.entries()) {
      const isLeftAlone = at >= want;
      if (isLeftAlone)
        await t.rejects(spared.say(call), { message: "Slack: left alone for the rest of the run: no answer in 6 s" });
      else if (call.fails !== undefined) await t.rejects(spared.say(call), call.fails);
      else t.equal(await spared.say(call), "said");
    }
    t.equal(reached, want);
  });
}
