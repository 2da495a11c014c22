import type { TagauditSettings } from "./settings.ts";

interface Region {
  readonly name: string;
  readonly isEnabled: boolean;
}

export interface ChosenRegions {
  readonly audited: readonly string[];
  /** Asked for, and left out by the setting. */
  readonly skipped: readonly string[];
}

/** The regions that are named, whose own answer tells whether they are enabled; else all that are. */
export function chooseRegions(
  { regions, skipRegions }: Pick<TagauditSettings, "regions" | "skipRegions">,
  known: readonly Region[],
): ChosenRegions {
  const enabled = known.flatMap(({ name, isEnabled }) => (isEnabled ? [name] : []));
  const asked = regions.length > 0 ? [...new Set(regions)] : enabled;
  return {
    audited: asked.filter((region) => !skipRegions.includes(region)),
    skipped: asked.filter((region) => skipRegions.includes(region)),
  };
}
