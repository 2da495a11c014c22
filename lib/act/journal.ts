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
  /** What a process that is gone left open, or of that only the action with one id; each is claimed before it is handed out. */
  adopt(only?: string): AsyncGenerator<JournalEntry>;
}

export function openJournal(request: JournalRequest): Journal {
  const { store, program, accountId, holder, who, clock, patience } = request;
  const [journal, open] = [journalOf(request), openOf(request)];
  const spending = openSpending({ store, program, accountId, clock });
  const lease = () => ({ holder: { ...holder }, until: clock() + patience });

  /** The row outlives its entry's making: whoever finds it without an entry leaves it alone while we live. */
  const takeRow = async (id: string): Promise<void> => {
    const body = { lease: lease() };
    if ((await store.create(open, id, body)) === "created") return;
    const found = await store.get(open, id);
    // An intent without a row would never be settled.
    if (found === undefined) return takeRow(id);
    if ((await store.replace(open, id, { body, expectedVersion: found.version })) === "conflict") return takeRow(id);
  };

  const claim = async (entry: JournalEntry, id: string): Promise<boolean> => {
    const lifetime = { expiresAt: clock() + kept };
    if ((await store.create(journal, id, asBody(entry), lifetime)) === "created") return true;
    const found = await store.get(journal, id);
    // Gone meanwhile, or ended in a way that leaves it to do; anything else is somebody's.
    if (found === undefined || !mayBeginAgain(asEntry(found.body))) return false;
    const body = asBody({ ...entry, attempt: asEntry(found.body).attempt + 1 });
    return (await store.replace(journal, id, { body, expectedVersion: found.version, ...lifetime })) === "replaced";
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

  const adoptOne = async ({ id, version, body }: Stored): Promise<JournalEntry | undefined> => {
    const found = await store.get(journal, id);
    if (found === undefined) {
      if (isLost(asEntry(body).lease, clock())) await store.remove(open, id, version);
      return undefined;
    }
    const entry = asEntry(found.body);
    if (entry.state !== "intended") return entry;
    if (!isLost(entry.lease, clock())) return undefined;
    const adopted = { ...entry, lease: lease() };
    const taken = await store.replace(journal, id, { body: asBody(adopted), expectedVersion: found.version });
    return taken === "replaced" ? adopted : undefined;
  };

  return {
    async intend(permit, { before, planHash, limit }) {
      if (!isPermit(permit)) throw new TypeError("an intent needs a permit");
      const { action } = permit;
      const id = actionId(action);
      const cap = capOf(action);
      if (cap !== undefined && !(await spending.reserve(cap, id, limit ?? 0))) return { is: "capped" };
      await noteAccount(store, request);
      await takeRow(id);
      const entry: JournalEntry = {
        ...{ action, state: "intended", attempt: 1, intendedAt: clock() },
        ...{ before, who, planHash, lease: lease() },
      };
      if (await claim(entry, id)) return { is: "intended", intent: new JournaledIntent(action) };
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
    async close(action) {
      const id = actionId(action);
      const found = await store.get(open, id);
      if (found === undefined) return;
      const { lease: row } = asEntry(found.body);
      // Another process may have begun it again meanwhile, and needs its row.
      if (row.holder.token === holder.token || isLost(row, clock())) await store.remove(open, id, found.version);
    },
    async *adopt(only) {
      for await (const row of store.list(open, only === undefined ? {} : { prefix: only })) {
        if (only !== undefined && row.id !== only) continue;
        const entry = await adoptOne(row);
        if (entry !== undefined) yield entry;
      }
    },
  };
}

/** Certainly not done. */
const isUndone = ({ state }: JournalEntry): boolean => state === "failed" || state === "unneeded";

/** What did not come about, or not provably, is begun again under its own id when it is next due. */
const mayBeginAgain = ({ state }: JournalEntry): boolean => state === "failed" || state === "unknown";
