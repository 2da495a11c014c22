/** One settings file serves every program, so these sections are never unknown. */
export const programSections = [
  "keycheck",
  "tagaudit",
  "dirtymark",
  "dirtycount",
  "rolerepo",
  "repostats",
  "stalewatch",
] as const;

export const sources = ["flag", "environment", "file"] as const;
export type Source = (typeof sources)[number];

/** What a setting is called in each source: our own name first, then those of the predecessors; empty where it can't be given. */
export interface SettingNames extends Readonly<Record<Source, readonly string[]>> {
  readonly section: string;
  /** The name without any source's dress: `expire_age`. */
  readonly stem: string;
}

interface Naming {
  readonly section: string;
  readonly key: string;
  readonly original: readonly string[];
  /** The sources that may give the setting. */
  readonly from: readonly Source[];
}

/** `expireAge` is `--expire-age`, `KEYCHECK_EXPIRE_AGE` and `expire_age`; a predecessor's name with a dash in front was a flag. */
export function nameSetting({ section, key, original, from }: Naming): SettingNames {
  const fileKey = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const flags = original.filter(isFlag);
  const words = original.filter((name) => !isFlag(name));
  const named = (source: Source, names: readonly string[]) => (from.includes(source) ? [...new Set(names)] : []);
  return {
    section,
    stem: fileKey,
    flag: named("flag", [`--${fileKey.replaceAll("_", "-")}`, ...flags]),
    environment: named("environment", [`${prefixOf(section)}_${fileKey.toUpperCase()}`, ...words]),
    file: named("file", [fileKey, ...words]),
  };
}

const isFlag = (name: string): boolean => name.startsWith("-");

/** What all programs share has the package's own prefix. */
export const prefixOf = (section: string): string =>
  programSections.some((program) => program === section) ? section.toUpperCase() : "STALEWATCH";
