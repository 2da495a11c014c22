import { type Failures, withoutFailure } from "../act/failures.ts";
import type { Instance } from "../core/ec2.ts";
import type { Millis } from "../core/time.ts";
import type { Finding, Violation } from "./assess.ts";

/** What an owner is told of: that something is wrong, again and again, or once what was done about it. */
export type Stage = "violating" | "stopped" | "terminated";

/** What may be done to an instance beyond telling. */
export type Step = "stop" | "terminate";

/** By step: a time that has to do with telling of it. */
export type Told = Readonly<Partial<Record<Step, Millis>>>;

interface Deed {
  readonly at: Millis;
  /** The journal's. */
  readonly id: string;
}

/** What is known and done about one instance in violation: from the first sight of it to its end. */
export interface InstanceLadder {
  readonly shape: 1;
  readonly instanceId: string;
  readonly region: string;
  /** By a rule's hash: when the instance was first seen to break it. */
  readonly clocks: Readonly<Record<string, Millis>>;
  /** Starts anew when a person starts the instance again, or it breaks a rule after it kept all. */
  readonly round: number;
  /** Notices of this round that reached the channel. */
  readonly notices: number;
  readonly lastNoticeAt?: Millis;
  /** Whom the last notice of this round that provably reached anybody did reach. */
  readonly person?: string;
  /** By a rule's hash: when that person was first told of it, and that the step would come. */
  readonly told: Readonly<Record<string, Told>>;
  /** From when on each step may be done, as that person was told last. */
  readonly announced?: Told;
  /** What is said once a round, and has been. */
  readonly said: readonly Stage[];
  /** By this program. */
  readonly stopped?: Deed;
  readonly terminated?: Deed;
  /** When it was last spared just before a deed: others go first. */
  readonly sparedAt?: Millis;
  /** It keeps all rules, or is gone. */
  readonly endedAt?: Millis;
  readonly failures?: Failures;
}

export const newLadder = ({ id, region }: Pick<Instance, "id" | "region">): InstanceLadder => ({
  ...{ shape: 1, instanceId: id, region, clocks: {} },
  ...{ round: 1, notices: 0, told: {}, said: [] },
});

/** As the store knows it. */
export const ladderId = ({ region, instanceId }: Pick<InstanceLadder, "region" | "instanceId">): string =>
  `${region}/${instanceId}`;

export const clocksOf = (ladder: InstanceLadder | undefined): ReadonlyMap<string, Millis> =>
  new Map(Object.entries(ladder?.clocks ?? {}));

/** As much of a finding as clocks go by: of what is held until a region is read, there may be very many. */
export interface Sighting extends Pick<Finding, "standing"> {
  readonly instance: Pick<Instance, "id" | "region" | "state">;
  readonly violations: readonly Pick<Violation, "ruleHash">[];
}

/**
 * A ladder held against what a scan that began at `now` has found: rules newly broken get a clock, rules kept lose theirs.
 * What is never acted on has none. The same object where nothing has changed; undefined where there is nothing to keep.
 */
export function followClocks(
  ladder: InstanceLadder | undefined,
  finding: Sighting,
  now: Millis,
): InstanceLadder | undefined {
  if (ladder?.terminated !== undefined) return ladder;
  const broken = finding.standing === "grouped" || finding.standing === "canary" ? [] : finding.violations;
  if (broken.length === 0) return ladder && endLadder(ladder, now);
  const standing = begin(ladder, finding.instance, now);
  const hashes = new Set(broken.map(({ ruleHash }) => ruleHash));
  const isSame =
    hashes.size === Object.keys(standing.clocks).length &&
    [...hashes].every((hash) => Object.hasOwn(standing.clocks, hash));
  if (isSame) return standing;
  return {
    ...standing,
    clocks: Object.fromEntries([...hashes].map((hash) => [hash, standing.clocks[hash] ?? now])),
    told: Object.fromEntries(Object.entries(standing.told).filter(([hash]) => hashes.has(hash))),
  };
}

function begin(ladder: InstanceLadder | undefined, instance: Sighting["instance"], now: Millis): InstanceLadder {
  if (ladder === undefined) return newLadder(instance);
  const isStartedAgain = ladder.stopped !== undefined && instance.state === "running" && now > ladder.stopped.at;
  return ladder.endedAt !== undefined || isStartedAgain ? restartLadder(ladder) : ladder;
}

/** Its owner gets the whole time again. */
export const restartLadder = ({ instanceId, region, round, clocks }: InstanceLadder): InstanceLadder => ({
  ...newLadder({ id: instanceId, region }),
  ...{ round: round + 1, clocks },
});

/** The round is kept, for what was done in it is not done again under the same name. */
export const endLadder = (ladder: InstanceLadder, now: Millis): InstanceLadder =>
  ladder.endedAt === undefined ? { ...ladder, clocks: {}, told: {}, endedAt: now } : ladder;

export interface NoticeSent {
  readonly at: Millis;
  /** Undefined for what is said once. */
  readonly sequence: number | undefined;
  readonly stage: Stage;
  /** The person it provably reached. */
  readonly person: string | undefined;
  /** The hashes of the rules that it named. */
  readonly rules: readonly string[];
  /** The steps that it said would come, and from when on. */
  readonly announces: Told;
}

/** Said again of the same notice, it changes nothing. */
export function noteNotice(ladder: InstanceLadder, notice: NoticeSent): InstanceLadder {
  const { at, sequence, stage } = notice;
  return {
    ...withoutFailure(ladder, stage === "violating" ? "notice" : "news"),
    notices: Math.max(ladder.notices, sequence ?? 0),
    lastNoticeAt: Math.max(ladder.lastNoticeAt ?? 0, at),
    said: sequence === undefined && !ladder.said.includes(stage) ? [...ladder.said, stage] : ladder.said,
    ...tellingOf(ladder, notice),
  };
}

/** Nobody's time runs by what somebody else was told, nor for a step that the last notice no longer spoke of. */
function tellingOf({ lastNoticeAt, person: before, told }: InstanceLadder, notice: NoticeSent) {
  const { at, person, rules, announces } = notice;
  if (person === undefined || notice.stage !== "violating" || at < (lastNoticeAt ?? at)) return {};
  const heard = person === before ? told : {};
  // The members of `Told` are steps.
  const steps = Object.keys(announces) as Step[];
  const toldOf = (hash: string): Told => Object.fromEntries(steps.map((step) => [step, heard[hash]?.[step] ?? at]));
  return { person, told: Object.fromEntries(rules.map((hash) => [hash, toldOf(hash)])), announced: announces };
}

/** When its owner was first told that a step would come for one of these rules; undefined: never. */
export function toldOf(
  { told }: Pick<InstanceLadder, "told">,
  step: Step,
  rules: readonly Pick<Violation, "ruleHash">[],
): Millis | undefined {
  const times = rules.flatMap(({ ruleHash }) => told[ruleHash]?.[step] ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}

export const noteStopped = (ladder: InstanceLadder, stopped: Deed): InstanceLadder => ({
  ...withoutFailure(ladder, "stop"),
  stopped,
});

export const noteTerminated = (ladder: InstanceLadder, terminated: Deed): InstanceLadder => ({
  ...withoutFailure(endLadder(ladder, terminated.at), "terminate"),
  terminated,
});

export const noteSpared = (ladder: InstanceLadder, sparedAt: Millis): InstanceLadder => ({ ...ladder, sparedAt });
