/** What reading costs AWS: every attempt on the wire counts as a call. */
export interface CallCounts {
  calls: number;
  throttles: number;
  retries: number;
}

export const noCalls = (): CallCounts => ({ calls: 0, throttles: 0, retries: 0 });

export const callsBetween = (before: CallCounts, after: CallCounts): CallCounts => ({
  calls: after.calls - before.calls,
  throttles: after.throttles - before.throttles,
  retries: after.retries - before.retries,
});
