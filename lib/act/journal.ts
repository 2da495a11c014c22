import { createHash } from "node:crypto";
import type { JsonObject } from "../core/json.ts";
import { days, type Millis } from "../core/time.ts";
import type { Store, Stored } from "../state/store.ts";
import { noteAccount } from "./accounts.ts";
import { actionId, type Ending, type PlannedAction } from "./action.ts";
import { isPermit, type Permit } from "./decide.ts";
import { asBody, asEntry, type JournalEntry, journalOf, openOf } from "./entry.ts";
import { capOf } from "./gate-table.ts";
import type { Holder } from "./holder.ts";
import { isLost } from "./lease.ts";
import { openRows } from "./open-rows.ts";
import { openSpending } from "./spending.ts";

/** What a journaled action is known by; only a journal makes one, once it is durable. */
class JournaledIntent {
  readonly #isJournaled = true;
  readonly id: string;
  readonly action: PlannedAction;

  constructor(action: PlannedAction) {
    this.id = actionId(action);
    this.action = action;
  }

  /** Short and unique: left in a message or a ticket, it is found there again. */
  get reference(): string {
    return this.#isJournaled ? referenceOf(this.id) : "";
  }
}

export type Intent = JournaledIntent;

export const referenceOf = (id: string): string => createHash("sha256").update(id).digest("hex").slice(0, 16);

/** How long an action's id stays taken. */
const kept = days(400);

export interface JournalRequest {
  readonly store: Store;
  readonly program: string;
  readonly accountId: string;
  readonly holder: Holder;
  /** The ARN that STS answered. */
  readonly who: string;
  readonly clock: () => Millis;
  /** How long one attempt may take before others look after it. */
  readonly patience: Millis;
}

interface Plan {
  readonly before: JsonObject;
  readonly planHash: string;
  /** Of the action's cap in 24 hours; undefined where it has none. */
  readonly limit: number | undefined;
}

export type Intending =
  | { readonly is: "intended"; readonly intent: Intent }
  /** Done, under way or settled otherwise, under the same id. */
  | { readonly is: "taken" }
  | { readonly is: "capped" };

/** A row of what was begun and has not ended. */
export type Adopted =
  | { readonly is: "taken"; readonly entry: JournalEntry }
  /** To whoever began it, and may still be about it. */
  | { readonly is: "left"; readonly id: string };

interface Ended {
  readonly ending: Ending;
  readonly says: string;
  readonly after?: JsonObject | undefined;
  readonly wasInterrupted: boolean;
}

export interface Journal {
  /** Makes the intent durable: to create it is to claim it, so one of any number of processes gets it. */
  intend(permit: Permit, plan: Plan): Promise<Intending>;
  end(action: PlannedAction, ended: Ended): Promise<JournalEntry>;
  amend(id: string, change: Pick<JournalEntry, "undoneBy">): Promise<JournalEntry>;
  find(id: string): Promise<JournalEntry | undefined>;
  /** Lets go of what has ended and is recorded. */
  close(action: PlannedAction): Promise<void>;
  /** All that is open, or of that only the action with one id: what a process that is gone has left is claimed first. */
  adopt(only?: string): AsyncGenerator<Adopted>;
}

export function openJournal(request: JournalRequest): Journal {
  const { store, program, accountId, holder, who, clock, patience } = request;
  const [journal, open] = [journalOf(request), openOf(request)];
  const spending = openSpending({ store, program, accountId, clock });
  const lease = () => ({ holder: { ...holder }, until: clock() + patience });
  const rows = openRows({ store, collection: open, lease });

  const claim = async (entry: JournalEntry, id: string): Promise<"claimed" | "ended" | "under_way"> => {
    const lifetime = { expiresAt: clock() + kept };
    if ((await store.create(journal, id, asBody(entry), lifetime)) === "created") return "claimed";
    const found = await store.get(journal, id);
    // Gone meanwhile, or ended in a way that leaves it to do; anything else is somebody's.
    if (found === undefined) return "under_way";
    const { state, attempt } = asEntry(found.body);
    if (!mayBeginAgain(state)) return state === "intended" ? "under_way" : "ended";
    const body = asBody({ ...entry, attempt: attempt + 1 });
    const replaced = await store.replace(journal, id, { body, expectedVersion: found.version, ...lifetime });
    return replaced === "replaced" ? "claimed" : "under_way";
  };

  const change = async (id: string, alter: (entry: JournalEntry) => JournalEntry): Promise<JournalEntry> => {
    for (;;) {
      const found = await store.get(journal, id);
      if (found === undefined) throw new Error(`the journal has lost "${id}"`);
      const entry = alter(asEntry(found.body));
      const body = asBody(entry);
      const lifetime = { expiresAt: clock() + kept };
      const replaced = await store.replace(journal, id, { body, expectedVersion: found.version, ...lifetime });
      if (replaced === "replaced") return entry;
    }
  };

  const adoptOne = async ({ id, version, body }: Stored): Promise<Adopted | undefined> => {
    const left = { is: "left", id } as const;
    const found = await store.get(journal, id);
    if (found === undefined) {
      if (!isLost(asEntry(body).lease, clock())) return left;
      await store.remove(open, id, version);
      return undefined;
    }
    const entry = asEntry(found.body);
    if (entry.state !== "intended") return { is: "taken", entry };
    if (!isLost(entry.lease, clock())) return left;
    const adopted = { ...entry, lease: lease() };
    const taken = await store.replace(journal, id, { body: asBody(adopted), expectedVersion: found.version });
    return taken === "replaced" ? { is: "taken", entry: adopted } : left;
  };

  return {
    async intend(permit, { before, planHash, limit }) {
      if (!isPermit(permit)) throw new TypeError("an intent needs a permit");
      const { action } = permit;
      const id = actionId(action);
      const cap = capOf(action);
      const reserved = cap === undefined ? "counted" : await spending.reserve(cap, id, limit ?? 0);
      if (reserved === "full") return { is: "capped" };
      await noteAccount(store, request);
      const row = await rows.take(id);
      const entry: JournalEntry = {
        ...{ action, state: "intended", attempt: 1, intendedAt: clock() },
        ...{ before, who, planHash, lease: lease() },
      };
      const claimed = await claim(entry, id);
      if (claimed === "claimed") return { is: "intended", intent: new JournaledIntent(action) };
      await rows.giveBack(id, row, claimed === "ended");
      // Of what is under way its process needs the place.
      if (cap !== undefined && reserved === "reserved" && claimed === "ended") await spending.refund(cap, id);
      return { is: "taken" };
    },
    async end(action, { ending, says, after, wasInterrupted }) {
      const id = actionId(action);
      const ended = await change(id, (entry) =>
        // Another process may have given it up for lost and judged it; that it came about is true all the same.
        entry.lease.holder.token === holder.token || ending === "applied"
          ? {
              ...entry,
              state: ending,
              says,
              endedAt: clock(),
              wasInterrupted,
              ...(after === undefined ? {} : { after }),
            }
          : entry,
      );
      const cap = capOf(action);
      if (cap !== undefined && isUndone(ended)) await spending.refund(cap, id);
      // It may have been given back by a process that gave it up for lost.
      if (cap !== undefined && ended.state === "applied") await spending.reserve(cap, id, Number.POSITIVE_INFINITY);
      return ended;
    },
    amend: (id, amendment) => change(id, (entry) => ({ ...entry, ...amendment })),
    async find(id) {
      const found = await store.get(journal, id);
      return found === undefined ? undefined : asEntry(found.body);
    },
    close: (action) =>
      rows.remove(actionId(action), (row) => row.holder.token === holder.token || isLost(row, clock())),
    async *adopt(only) {
      for await (const row of store.list(open, only === undefined ? {} : { prefix: only })) {
        if (only !== undefined && row.id !== only) continue;
        const adopted = await adoptOne(row);
        if (adopted !== undefined) yield adopted;
      }
    },
  };
}

/** Certainly not done. */
const isUndone = ({ state }: JournalEntry): boolean => state === "failed" || state === "unneeded";

/** What did not come about, or not provably, is begun again under its own id when it is next due. */
const mayBeginAgain = (state: JournalEntry["state"]): boolean => state === "failed" || state === "unknown";
