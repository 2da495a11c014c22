import type { JsonObject } from "../core/json.ts";
import { hours, type Millis } from "../core/time.ts";
import type { Store } from "../state/store.ts";
import type { LeaseTerm } from "./entry.ts";
import { type Holder, isDead } from "./holder.ts";

/** The right to act on one account, renewed while it is held. */
export interface Lease {
  /** False from the moment on that others may take it. */
  isHeld(): boolean;
  /** Never fails: what can't be given back runs out by itself. */
  release(): Promise<void>;
}

interface LeaseRequest {
  readonly collection: string;
  readonly id: string;
  readonly holder: Holder;
  readonly length: Millis;
  readonly clock: () => Millis;
}

type LeaseBody = LeaseTerm & JsonObject;

/** Others leave it alone until it runs out, or its holder is seen to be dead; one taken by a clock gone wrong never would. */
export const isLost = ({ holder, until }: LeaseTerm, now: Millis): boolean =>
  now >= until || until - now > longestTerm || isDead(holder);

/** Beyond any that `lease_time` allows, with the time for a write. */
const longestTerm = hours(1);

/** Undefined while another process holds it. */
export async function acquireLease(store: Store, request: LeaseRequest): Promise<Lease | undefined> {
  const { collection, id, clock } = request;
  const body = termOf(request);
  if ((await store.create(collection, id, body)) === "created") return keepLease(store, request, body);
  const found = await store.get<LeaseBody>(collection, id);
  if (found === undefined || !isLost(found.body, clock())) return undefined;
  const taken = await store.replace(collection, id, { body, expectedVersion: found.version });
  return taken === "replaced" ? keepLease(store, request, body) : undefined;
}

const termOf = ({ holder, clock, length }: LeaseRequest): LeaseBody => ({
  holder: { ...holder },
  until: clock() + length,
});

function keepLease(store: Store, request: LeaseRequest, taken: LeaseBody): Lease {
  const { collection, id, holder, length, clock } = request;
  let until: Millis = taken.until;
  let renewal = Promise.resolve();
  const findOurs = async () => {
    const found = await store.get<LeaseBody>(collection, id);
    if (found?.body.holder.token === holder.token) return found;
    until = 0;
    return undefined;
  };
  const renew = async () => {
    const [body, found] = [termOf(request), await findOurs()];
    if (found === undefined) return;
    const renewed = await store.replace(collection, id, { body, expectedVersion: found.version });
    until = renewed === "replaced" ? body.until : 0;
  };
  const giveBack = async () => {
    const found = await findOurs();
    if (found !== undefined) await store.remove(collection, id, found.version);
  };
  // A renewal that fails is tried again; once the term is over, `isHeld` says so by itself.
  const timer = setInterval(() => {
    renewal = renewal.then(renew).catch(() => undefined);
  }, length / 3);
  timer.unref();
  return {
    isHeld: () => clock() < until,
    async release() {
      clearInterval(timer);
      await renewal;
      await giveBack().catch(() => undefined);
      until = 0;
    },
  };
}
