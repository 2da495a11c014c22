import { hours, type Millis } from "../../core/time.ts";
import type { Instance, InstanceState } from "./instance.ts";

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html */
export const stateCodes: Readonly<Record<InstanceState, number>> = {
  pending: 0,
  running: 16,
  "shutting-down": 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

/** Brings a state on the way to where it should be by now. */
export function settle(instance: Instance, now: Millis): Instance {
  const { arrival } = instance;
  if (arrival === undefined || arrival.at > now) return instance;
  instance.state = arrival.state;
  instance.arrival = undefined;
  return instance;
}

/** A terminated instance stays visible for about an hour. */
export const isGone = ({ state, haltedAt }: Instance, now: Millis): boolean =>
  state === "terminated" && haltedAt !== undefined && now - haltedAt > hours(1);

export interface Departure {
  readonly by: InstanceState;
  readonly to: InstanceState;
  readonly now: Millis;
  readonly takes: Millis;
}

export function depart(instance: Instance, { by, to, now, takes }: Departure): void {
  instance.state = by;
  instance.arrival = { state: to, at: now + takes };
  if (to !== "running") instance.haltedAt = now;
}
