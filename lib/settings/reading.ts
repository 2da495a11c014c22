import { type Declaration, type DeclaredSetting, settingsIn } from "./declare.ts";
import type { Path } from "./kind.ts";
import type { Source } from "./names.ts";
import { findNearest, type NamedCandidate } from "./nearest-name.ts";

/** One value as one source gave it, not yet held against its kind. */
export interface Given {
  readonly setting: DeclaredSetting;
  readonly raw: unknown;
  /** Why there is no value to judge, where the source itself tells. */
  readonly refusal?: string;
  /** The place, as the user wrote it, of the value or of what lies at a path inside it. */
  readonly where: (path?: Path) => string;
}

/** What one source gave. */
export interface Reading {
  readonly source: Source;
  readonly given: readonly Given[];
  readonly problems: readonly string[];
  /** Some values may have been missed, so what settings say together is not judged. */
  readonly isIncomplete: boolean;
}

interface UnknownName {
  /** The place and the name, as written. */
  readonly where: string;
  readonly name: string;
  readonly source: Source;
  readonly declarations: readonly Declaration[];
}

/** A problem with a name that no setting has; it mentions the setting that was likely meant. */
export function refuseUnknown({ where, name, source, declarations }: UnknownName): string {
  const nearest = findNearest(
    stemOf(name),
    settingsIn(declarations).flatMap((setting) => candidatesOf(setting, source)),
  );
  return `${where}: no such setting${nearest === undefined ? "" : `; did you mean ${nearest}?`}`;
}

const stemOf = (name: string): string => name.toLowerCase().replace(/^-+/, "").replaceAll("-", "_");

/** Where the setting can't be given in this source, another source's name tells where it can. */
function candidatesOf({ names }: DeclaredSetting, source: Source): NamedCandidate[] {
  const { flag, environment, file, section, stem } = names;
  const inFile = file.map((name) => `${section}.${name}`);
  const [own] = source === "file" ? inFile : names[source];
  const name = own ?? [...inFile, ...flag, ...environment][0];
  return name === undefined ? [] : [stem, ...names[source].map(stemOf)].map((one) => ({ stem: one, name }));
}
