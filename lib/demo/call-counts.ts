export interface CallCounts {
  /** Every request that named a known action, by `service:Action`, refused ones included. */
  readonly calls: Readonly<Record<string, number>>;
  readonly throttled: number;
  /** Refused by a denial or by what the caller may not see. */
  readonly denied: number;
}

export interface CallCounter {
  count(action: string): void;
  countThrottled(): void;
  countDenied(): void;
  counts(): CallCounts;
  reset(): void;
}

export function createCallCounter(): CallCounter {
  const calls = new Map<string, number>();
  let throttled = 0;
  let denied = 0;
  return {
    count(action) {
      calls.set(action, (calls.get(action) ?? 0) + 1);
    },
    countThrottled() {
      throttled += 1;
    },
    countDenied() {
      denied += 1;
    },
    counts: () => ({ calls: Object.fromEntries([...calls].sort()), throttled, denied }),
    reset() {
      calls.clear();
      throttled = 0;
      denied = 0;
    },
  };
}
