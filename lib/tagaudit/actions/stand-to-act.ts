import pLimit from "p-limit";
import type { PlannedAction } from "../../act/action.ts";
import type { Standing } from "../../act/kind.ts";
import { hasIds, type SomeIds } from "../../aws/some-ids.ts";
import type { Instance } from "../../core/ec2.ts";
import type { Notifier } from "../../notify/notifier.ts";
import { ladderId, type Step, toldOf } from "../ladder.ts";
import type { InstanceDetail } from "../planning.ts";
import { sayChanged, sayUntagged } from "../recheck.ts";
import { detailOf, type InstanceActing, isGone } from "./acting.ts";
import { findOwnerNow } from "./owner.ts";

/** An instance that was read again, and is still the one that was judged. */
export type Reread = { readonly is: "same"; readonly instance: Instance } | Exclude<Standing, { readonly is: "due" }>;

const refuse = (gate: string, says: string) => ({ is: "refused", gate, says }) as const;
const unneeded = (says: string) => ({ is: "unneeded", says }) as const;

/** Reads instances of one region again, all in one call, and holds each against what was judged. */
export async function reread(
  details: readonly InstanceDetail[],
  acting: Pick<InstanceActing, "reads" | "ladders" | "judge" | "clock">,
): Promise<readonly Reread[]> {
  const ids = details.map(({ instanceId }) => instanceId);
  const [first] = details;
  if (first === undefined || !hasIds(ids)) return [];
  const reads = acting.reads(first.region);
  const instances = new Map((await reads.describeInstances(ids)).map((instance) => [instance.id, instance]));
  const untagged = [...instances.values()].filter(({ tags }) => tags.size === 0).map(({ id }) => id);
  const listed = hasIds(untagged) ? await reads.listTags(untagged) : new Map<string, ReadonlyMap<string, string>>();
  return Promise.all(
    details.map(async (detail) => {
      const instance = instances.get(detail.instanceId);
      if (instance === undefined || isGone(instance)) return unneeded("the instance is gone");
      const doubt = sayUntagged(instance, listed.get(instance.id));
      if (doubt !== undefined) return refuse("changed", doubt);
      const finding = acting.judge(instance, await acting.ladders.find(detail));
      const changed = sayChanged(detail, finding, acting.clock());
      return changed === undefined ? ({ is: "same", instance } as const) : refuse("changed", changed);
    }),
  );
}

interface Deed {
  readonly step: Step;
  /** Whether protection from the step is what it is about, and not what refuses it. */
  readonly unprotects?: true;
}

/** Each asks two calls of EC2, of which an account has 20 a second (Request throttling, EC2 API reference). */
const readsAtOnce = 5;

/** What has to hold of each instance of a region, and of what is known of it, just before it is stopped or terminated. */
export async function standToAct(
  actions: readonly PlannedAction[],
  acting: InstanceActing,
  deed: Deed,
): Promise<readonly Standing[]> {
  const unstored = sayUnstored(acting.documentsStored());
  if (unstored !== undefined) return actions.map(() => refuse("documents", unstored));
  const again = await reread(actions.map(detailOf), acting);
  const asking = { ...acting, notifier: acting.notifier && askOnce(acting.notifier) };
  const limit = pLimit(readsAtOnce);
  const standings = await Promise.all(
    actions.map(async (action, index): Promise<Standing> => {
      const one = again[index] ?? unneeded("the instance is gone");
      return one.is === "same" ? limit(() => standOne(action, one.instance, { acting: asking, deed })) : one;
    }),
  );
  return refuseDenied(actions, standings, { acting, deed });
}

/** One person may own many, and Slack answers a hundred or so of these calls a minute (Tier 4 of its rate limits). */
function askOnce(notifier: Notifier): Notifier {
  const found = new Map<string, ReturnType<Notifier["findPerson"]>>();
  return {
    ...notifier,
    findPerson(owner) {
      const name = JSON.stringify(owner);
      const asked = found.get(name) ?? notifier.findPerson(owner);
      found.set(name, asked);
      return asked;
    },
  };
}

const sayUnstored = (stored: boolean | string): string | undefined => {
  if (stored === true) return undefined;
  return stored === false ? "the documents of this run are not stored" : stored;
};

interface Doing {
  readonly acting: InstanceActing;
  readonly deed: Deed;
}

async function standOne(action: PlannedAction, instance: Instance, { acting, deed }: Doing): Promise<Standing> {
  const idle = sayIdle(instance, deed.step);
  if (idle !== undefined) return idle;
  const untold = await refuseUntold(action, acting, deed.step);
  if (untold !== undefined) return refuse("owner", untold);
  const { fromStop, fromTermination } = await acting.reads(instance.region).describeProtection(instance.id);
  const isProtected = deed.step === "stop" ? fromStop : fromTermination;
  if (deed.unprotects === true && !isProtected) return unneeded(`it is not protected from being ${doneBy[deed.step]}`);
  if (deed.unprotects !== true && isProtected)
    return refuse("protected_instance", `it is protected from being ${doneBy[deed.step]}`);
  const { state, publicAddress } = instance;
  return { is: "due", before: { state, fromStop, fromTermination, publicAddress: publicAddress ?? null } };
}

const doneBy = { stop: "stopped", terminate: "terminated" } as const;

/** What the step has nothing to do with, as it is now; what is on its way from one state to the other is left alone. */
function sayIdle({ state }: Instance, step: Step): Standing | undefined {
  if (step === "stop" && (state === "stopping" || state === "stopped"))
    return unneeded("the instance is stopped already");
  const isSettled = state === "running" || (step === "terminate" && state === "stopped");
  return isSettled ? undefined : refuse("changed", `the instance is ${state}`);
}

/** Who was told must be its owner now, and be there, or nobody will know why it is gone. */
async function refuseUntold(action: PlannedAction, acting: InstanceActing, step: Step): Promise<string | undefined> {
  const detail = detailOf(action);
  const { notifier } = acting;
  const ladder = await acting.ladders.find(detail);
  if (ladder?.person === undefined || notifier === undefined) return "who was told of it can't be asked for";
  const rules = detail.rules.map((ruleHash) => ({ ruleHash }));
  // In this run somebody else may have been told, too.
  if (toldOf(ladder, step, rules) !== action.telling?.deliveredAt) return "its owner has been told anew meanwhile";
  const found = await findOwnerNow(detail, { ...acting, notifier });
  if ("missing" in found) return `its owner can't be found: ${found.missing}`;
  return found.person.id === ladder.person ? undefined : "its owner is somebody else now, who was not told of it";
}

/** Permissions may hang on an instance's tags: where not all are allowed, each is asked for. */
async function refuseDenied(
  actions: readonly PlannedAction[],
  standings: readonly Standing[],
  { acting, deed }: Doing,
): Promise<readonly Standing[]> {
  const due = actions.filter((_action, index) => standings[index]?.is === "due").map(detailOf);
  const ids = due.map(({ instanceId }) => instanceId);
  const [first] = due;
  if (first === undefined || !hasIds(ids)) return standings;
  const reads = acting.reads(first.region);
  const may = (some: SomeIds) => (deed.step === "stop" ? reads.mayStop(some) : reads.mayTerminate(some));
  if (await may(ids)) return standings;
  const denied = new Set<string>();
  for (const id of ids) if (ids.length === 1 || !(await may([id]))) denied.add(id);
  return standings.map((standing, index) => {
    const action = actions[index];
    return action !== undefined && denied.has(detailOf(action).instanceId)
      ? refuse("permission", `permissions do not allow that ${ladderId(detailOf(action))} is ${doneBy[deed.step]}`)
      : standing;
  });
}
