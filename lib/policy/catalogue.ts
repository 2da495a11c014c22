import built from "./catalogue.json" with { type: "json" };
import { foldCase } from "./glob.ts";

/** As AWS's service authorization reference sorts actions. */
export const accessLevels = ["List", "Read", "Write", "Tagging", "Permissions management"] as const;
export type AccessLevel = (typeof accessLevels)[number];

export interface KnownAction {
  readonly service: string;
  /** In AWS's own spelling: `s3:GetObject`. */
  readonly name: string;
  readonly folded: string;
  /** What stands behind the colon, folded. */
  readonly action: string;
  readonly level: AccessLevel;
}

/** The actions of AWS as known on a day. */
export interface Catalogue {
  /** What it was made from, with its version. */
  readonly source: string;
  /** The day whose actions it has: `2026-09-26`. */
  readonly date: string;
  /** Prefixes as in `s3:GetObject`, sorted. */
  readonly services: readonly string[];
  /** Of one service, sorted by name; none of one that is unknown. */
  actionsOf(service: string): readonly KnownAction[];
}

/** By service and level, names in AWS's spelling with spaces between them. */
export interface CatalogueText {
  readonly source: string;
  readonly date: string;
  readonly services: Readonly<Record<string, Readonly<Partial<Record<AccessLevel, string>>>>>;
}

/** Names are taken apart service by service, when they are first asked for. */
export function readCatalogue({ source, date, services }: CatalogueText): Catalogue {
  const texts = new Map(Object.entries(services).map(([service, levels]) => [foldCase(service), levels]));
  const read = new Map<string, readonly KnownAction[]>();
  const actionsOf = (service: string): readonly KnownAction[] => {
    const folded = foldCase(service);
    const levels = texts.get(folded);
    if (levels === undefined) return [];
    const known = read.get(folded) ?? readService(folded, levels);
    read.set(folded, known);
    return known;
  };
  return { source, date, services: [...texts.keys()].sort(asPrefixes), actionsOf };
}

/** As the names of their actions come: `a-b:` before `a:`. */
const asPrefixes = (one: string, other: string): number => inOrder({ folded: `${one}:` }, { folded: `${other}:` });

const readService = (service: string, levels: CatalogueText["services"][string]): readonly KnownAction[] =>
  accessLevels
    .flatMap((level) =>
      (levels[level] ?? "")
        .split(" ")
        .filter(Boolean)
        .map((name) => toAction(service, name, level)),
    )
    .sort(inOrder);

function toAction(service: string, action: string, level: AccessLevel): KnownAction {
  const name = `${service}:${action}`;
  return { service, name, folded: foldCase(name), action: foldCase(action), level };
}

/** By code units, as the service's letters come, whatever the language of the machine. */
export function inOrder(
  { folded: one }: { readonly folded: string },
  { folded: other }: { readonly folded: string },
): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

export const catalogue: Catalogue = readCatalogue(built);
