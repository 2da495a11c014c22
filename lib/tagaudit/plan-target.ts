import type { Instance } from "../core/ec2.ts";
import { formatInstant, type Millis } from "../core/time.ts";
import type { Violation } from "./assess.ts";
import { ladderId } from "./ladder.ts";
import type { Candidate, InstanceAction, Planning, ViolationDetail } from "./planning.ts";
import { hashTags } from "./recheck.ts";
import { saySpared } from "./steps.ts";

/** What counts each kind of action that the settings limit. */
export const caps = {
  notice: "notices",
  stop: "stops",
  terminate: "terminations",
  unprotect: "unprotections",
} as const;

/** What every action on an instance says of it, whatever is done. */
export type PlanTarget = Pick<
  InstanceAction,
  "program" | "accountId" | "subject" | "reason" | "evidenceAt" | "names" | "detail"
>;

export function describeTarget({ finding, ladder, readAt }: Candidate, { accountId, now }: Planning): PlanTarget {
  const { instance, violations, owner } = finding;
  const subject = ladderId(ladder);
  const name = instance.tags.get("Name");
  const spared = saySpared(instance);
  return {
    ...{ program: "tagaudit", accountId, subject, reason: sayViolations(violations), evidenceAt: readAt },
    names: [instance.id, subject, name, owner].filter((one) => one !== undefined),
    detail: {
      ...describeInstance(instance),
      ...(owner === undefined ? {} : { owner }),
      ...(spared === undefined ? {} : { spared }),
      violations: violations.map(describeViolation),
      rules: dueOf(violations, now).map(({ ruleHash }) => ruleHash),
    },
  };
}

const describeInstance = (instance: Instance) => ({
  ...{ region: instance.region, zone: instance.zone, instanceId: instance.id, instanceType: instance.type },
  ...{ state: instance.state, launchedAt: instance.launchedAt },
  ...{ tagsHash: hashTags(instance.tags), tags: Object.fromEntries(instance.tags) },
  ...(instance.publicAddress === undefined ? {} : { publicAddress: instance.publicAddress }),
});

const describeViolation = ({ tag, kind, says, suggestion, ruleHash, dueAt }: Violation): ViolationDetail => ({
  ...{ tag, kind, says, ruleHash, dueAt },
  ...(suggestion === undefined ? {} : { suggestion }),
});

const sayViolations = (violations: readonly Violation[]): string => {
  const since = Math.min(...violations.map((violation) => violation.since));
  return `${violations.map(({ says }) => says).join("; ")}; since ${formatInstant(since)}`;
};

export const dueOf = (violations: readonly Violation[], now: Millis): readonly Violation[] =>
  violations.filter(({ dueAt }) => dueAt <= now);

export const firstDue = (violations: readonly Violation[]): Millis => Math.min(...violations.map(({ dueAt }) => dueAt));
