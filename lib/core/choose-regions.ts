interface Region {
  readonly name: string;
  readonly isEnabled: boolean;
}

interface Asked {
  /** None: all that the account has enabled. */
  readonly regions: readonly string[];
  readonly skipRegions: readonly string[];
}

/** The regions that are named, whose own answer tells whether they are enabled; else all that are. */
export function chooseRegions({ regions, skipRegions }: Asked, known: readonly Region[]): readonly string[] {
  const enabled = known.flatMap(({ name, isEnabled }) => (isEnabled ? [name] : []));
  const asked = regions.length > 0 ? [...new Set(regions)] : enabled;
  return asked.filter((region) => !skipRegions.includes(region));
}
