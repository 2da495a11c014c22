interface Region {
  readonly name: string;
  readonly isEnabled: boolean;
}

interface Asked {
  /** None: all that the account has enabled. */
  readonly regions: readonly string[];
  readonly skipRegions: readonly string[];
}

export interface ChosenRegions {
  readonly chosen: readonly string[];
  /** Asked for, and left out by the setting. */
  readonly skipped: readonly string[];
}

/** The regions that are named, whose own answer tells whether they are enabled; else all that are. */
export function chooseRegions({ regions, skipRegions }: Asked, known: readonly Region[]): ChosenRegions {
  const enabled = known.flatMap(({ name, isEnabled }) => (isEnabled ? [name] : []));
  const asked = regions.length > 0 ? [...new Set(regions)] : enabled;
  return {
    chosen: asked.filter((region) => !skipRegions.includes(region)),
    skipped: asked.filter((region) => skipRegions.includes(region)),
  };
}
