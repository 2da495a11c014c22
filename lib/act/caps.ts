interface CapLimits {
  readonly count: number;
  /** Of all subjects; undefined: the count alone. */
  readonly percent: number | undefined;
  readonly subjects: number;
}

/** How many a cap lets through in 24 hours: a share of a small account still allows one. */
export const capLimit = ({ count, percent, subjects }: CapLimits): number =>
  percent === undefined ? count : Math.min(count, Math.max(1, Math.floor((percent * subjects) / 100)));
