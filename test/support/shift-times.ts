import { journalOf, openOf } from "../../lib/act/entry.ts";
import type { JsonObject } from "../../lib/core/json.ts";
import type { Millis } from "../../lib/core/time.ts";
import type { Instance } from "../../lib/demo/ec2/instance.ts";
import type { Region } from "../../lib/demo/region.ts";
import type { AccessKey, Account } from "../../lib/demo/state.ts";
import type { Store } from "../../lib/state/store.ts";
import type { FakeJira } from "./fake-jira.ts";

interface Shift {
  readonly program: keyof typeof ownCollections;
  readonly account: Account;
  readonly jira?: FakeJira;
  readonly store: Store;
  readonly time: Millis;
}

/** Moves all that has happened so far into the past, in AWS, Jira and the state: for a process, time has gone by. */
export async function shiftTimes({ program, account, jira, store, time }: Shift): Promise<void> {
  const users = account.users.list();
  for (const user of users) {
    account.users.add({ ...user, createdAt: user.createdAt - time, keys: user.keys.map((key) => older(key, time)) });
  }
  for (const region of account.regions.list()) ageInstances(region, time);
  for (const { history } of jira?.issues ?? [])
    history.splice(0, history.length, ...history.map((one) => ({ ...one, at: one.at - time })));
  for (const collection of collectionsOf(program, account.id)) await shiftRecords(store, collection, time);
}

const older = (key: AccessKey, time: Millis): AccessKey => ({
  ...key,
  createdAt: key.createdAt - time,
  lastUsed: key.lastUsed && { ...key.lastUsed, at: key.lastUsed.at - time },
});

function ageInstances({ instances }: Region, time: Millis): void {
  for (const id of instances.ids()) {
    const instance = instances.find(id);
    if (instance !== undefined) instances.keep(olderInstance(instance, time));
  }
}

const olderInstance = (instance: Instance, time: Millis): Instance => ({
  ...instance,
  createdAt: instance.createdAt - time,
  launchedAt: instance.launchedAt - time,
  haltedAt: instance.haltedAt && instance.haltedAt - time,
  arrival: instance.arrival && { ...instance.arrival, at: instance.arrival.at - time },
});

const ownCollections = {
  keycheck: ["keycheck.users", "keycheck.keys"],
  tagaudit: ["tagaudit.instances"],
} as const;

const collectionsOf = (program: Shift["program"], accountId: string): readonly string[] => [
  ...[...ownCollections[program], `spent.${program}`].map((name) => `${name}#${accountId}`),
  ...[`fleet.${program}`, journalOf({ program, accountId }), openOf({ program, accountId })],
];

/** The same of one collection alone. */
export async function shiftRecords(store: Store, collection: string, time: Millis): Promise<void> {
  const writes: Promise<unknown>[] = [];
  for await (const { id, version, body } of store.list(collection))
    writes.push(store.replace(collection, id, { body: shifted(body, time) as JsonObject, expectedVersion: version }));
  await Promise.all(writes);
}

/** Numbers of these years are instants: everything else that is remembered is smaller. */
const isInstant = (value: unknown): value is Millis =>
  typeof value === "number" && value > Date.UTC(2000) && value < Date.UTC(2100);

function shifted(value: unknown, time: Millis): unknown {
  if (isInstant(value)) return value - time;
  if (Array.isArray(value)) return value.map((one) => shifted(one, time));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shifted(one, time)]));
}
