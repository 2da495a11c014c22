import type { Instance } from "../core/ec2.ts";
import { formatInstant, type Millis, parseInstant } from "../core/time.ts";
import { quoteValue } from "../settings/parse-value.ts";
import { findValues, isBlank } from "./find-values.ts";
import type { ExemptionTags, Scheme } from "./scheme.ts";

/** An instance's own word that it is left alone for a while. */
export interface TagExemption {
  /** From then on it no longer counts; a bare date is its midnight UTC. */
  readonly until: Millis;
  readonly reason: string;
}

export const defaultExemptionTags: ExemptionTags = {
  until: "tagaudit_exempt_until",
  reason: "tagaudit_exempt_reason",
};

export interface ReadExemption {
  readonly exempt: TagExemption | undefined;
  /** Why tags that mean to exempt do not. */
  readonly problem: string | undefined;
}

const refuse = (problem: string | undefined): ReadExemption => ({ exempt: undefined, problem });

/** What the instance's exemption tags come to: without an end that is yet to come, or without a reason, to nothing. */
export function readExemption(
  tags: Instance["tags"],
  { exemption, keyCase }: Pick<Scheme, "exemption" | "keyCase">,
  now: Millis,
): ReadExemption {
  const [until] = findValues(tags, exemption.until, keyCase);
  const [reason] = findValues(tags, exemption.reason, keyCase);
  if (until === undefined && reason === undefined) return refuse(undefined);
  if (until === undefined) return refuse(`exempt without an end: tag ${quoteValue(exemption.until)} is missing`);
  const end = parseInstant(until.trim());
  if (end === undefined)
    return refuse(`exempt without an end: tag ${quoteValue(exemption.until)} is ${quoteValue(until)}, not a date`);
  if (end <= now) return refuse(`no longer exempt: ended ${formatInstant(end)}`);
  if (reason === undefined || isBlank(reason))
    return refuse(`exempt without a reason: tag ${quoteValue(exemption.reason)} is missing or blank`);
  return { exempt: { until: end, reason }, problem: undefined };
}
