import type { IAMClient } from "@aws-sdk/client-iam";
import { thisHolder } from "../../lib/act/holder.ts";
import { openJournal } from "../../lib/act/journal.ts";
import type { AccessKey } from "../../lib/core/iam.ts";
import { days, minutes, seconds } from "../../lib/core/time.ts";
import type { KeyActing } from "../../lib/keycheck/actions/acting.ts";
import { openLadders } from "../../lib/keycheck/ladders.ts";
import type { FoundPerson, Notifier } from "../../lib/notify/notifier.ts";
import type { Tracker } from "../../lib/notify/tracker.ts";
import { openMemoryStore } from "../../lib/state/memory.ts";
import { aListedKey, now } from "./keycheck-records.ts";

/** What the kinds of action meet in IAM; each answer is as AWS forms it. */
export interface FakeIam {
  /** Of one user. */
  keys: readonly AccessKey[];
  tags: Readonly<Record<string, string>>;
  /** What becomes of the write of a key's status. */
  update: (status: string, abortSignal: AbortSignal) => Promise<void>;
  readonly called: string[];
}

interface Sent {
  readonly constructor: { readonly name: string };
  readonly input: { readonly Status?: string };
}

const clientOf = (iam: FakeIam): IAMClient => {
  const send = async (command: Sent, { abortSignal }: { readonly abortSignal: AbortSignal }): Promise<unknown> => {
    const name = command.constructor.name.replace("Command", "");
    iam.called.push(name);
    if (name === "ListAccessKeys") {
      const listed = iam.keys.map(({ id, active, createdAt }) => ({
        ...{ AccessKeyId: id, Status: active ? "Active" : "Inactive", CreateDate: new Date(createdAt) },
      }));
      return { AccessKeyMetadata: listed };
    }
    if (name === "ListUserTags") return { Tags: Object.entries(iam.tags).map(([Key, Value]) => ({ Key, Value })) };
    if (name === "GetAccessKeyLastUsed") return { AccessKeyLastUsed: {} };
    if (name === "UpdateAccessKey") return iam.update(command.input.Status ?? "", abortSignal);
    throw new Error(`nobody asks for ${name}`);
  };
  // The kinds call `send` alone.
  return { send } as unknown as IAMClient;
};

/** What the kinds of action work with; `ada` is U0ADA, and has one key that is 200 days old. */
export function openKeyActing(changes: Partial<KeyActing> = {}) {
  const clock = { now };
  const store = openMemoryStore({ now: () => clock.now });
  const key = aListedKey({ createdAt: now - days(200) });
  const iam: FakeIam = {
    ...{ keys: [key], tags: {}, called: [] },
    async update(status) {
      iam.keys = iam.keys.map((one) => ({ ...one, active: status === "Active" }));
    },
  };
  const calling = { client: clientOf(iam), stop: new AbortController().signal };
  const ladders = openLadders(store, "123456789012", () => clock.now);
  const acting: KeyActing = {
    ...{ iam: calling, writing: calling, ladders, notifier: aNotifier(), tracker: undefined },
    ...{ ownerMap: new Map([["ada", "U0ADA"]]), fallbackChannel: undefined },
    settings: { recentUse: days(7), expireHard: undefined, jiraSettleAfter: minutes(5), jiraLabel: "rotation" },
    ...{ accountTag: "prod", accountId: "123456789012", clock: () => clock.now, consistency: seconds(10) },
    journal: openJournal({
      ...{ store, program: "keycheck", accountId: "123456789012", holder: thisHolder(), who: "tester" },
      ...{ clock: () => clock.now, patience: minutes(1) },
    }),
    ...changes,
  };
  return { acting, clock, iam, key, ladders, store };
}

const never = (name: string) => (): never => {
  throw new Error(`nobody calls ${name}`);
};

/** Everybody is found by their Slack id. */
export const aNotifier = (changes: Partial<Notifier> = {}): Notifier => ({
  findPerson: async (owner): Promise<FoundPerson> =>
    owner.by === "email"
      ? { missing: `e-mail "${owner.email}": unknown` }
      : { person: { id: owner.slackId, name: owner.slackId } },
  ...{ send: never("send"), findSent: never("findSent") },
  ...changes,
});

export const aTracker = (changes: Partial<Tracker> = {}): Tracker => ({
  ...{ findTicket: never("findTicket"), getTicket: never("getTicket"), createTicket: never("createTicket") },
  ...{ comment: never("comment"), hasComment: never("hasComment"), close: never("close"), reopen: never("reopen") },
  ...changes,
});
