/** What iam-data says of one action, as far as the catalogue needs it. */
export interface KnownAction {
  readonly name: string;
  readonly accessLevel: string;
}

/** The actions of a service by access level, each level's names sorted and joined by spaces. */
export type ServiceActions = Readonly<Record<string, string>>;

export interface Catalogue {
  readonly source: string;
  readonly date: string;
  readonly services: Readonly<Record<string, ServiceActions>>;
}

export interface CatalogueSource {
  readonly source: string;
  /** ISO 8601. */
  readonly updatedAt: string;
  readonly services: Readonly<Record<string, readonly KnownAction[]>>;
}

const levels = ["List", "Read", "Write", "Tagging", "Permissions management"] as const;
type Level = (typeof levels)[number];

const levelByName: ReadonlyMap<string, Level> = new Map<string, Level>([
  ["List", "List"],
  ["Read", "Read"],
  ["Write", "Write"],
  ["Tagging, Write", "Tagging"],
  ["Permissions management, Write", "Permissions management"],
]);

const byCodeUnit = (a: string, b: string): number => Number(a > b) - Number(a < b);

/** What a pattern, or the catalogue's own form, would read as something else. */
const refuseUnfit = (name: string, said: string): void => {
  if (name === "" || /[\s*?:]/.test(name)) throw new Error(`${said} can't stand in a catalogue`);
};

const levelOf = (service: string, { name, accessLevel }: KnownAction): Level => {
  const level = levelByName.get(accessLevel);
  if (level === undefined) throw new Error(`"${service}:${name}" has unknown access level "${accessLevel}"`);
  return level;
};

/** The first two names that differ in case alone. */
const findTwins = (names: readonly string[]): readonly [string, string] | undefined => {
  const seen = new Map<string, string>();
  for (const name of names) {
    const other = seen.get(name.toLowerCase());
    if (other !== undefined) return [other, name];
    seen.set(name.toLowerCase(), name);
  }
  return undefined;
};

const refuseUnfitActions = (service: string, names: readonly string[]): void => {
  for (const name of names) refuseUnfit(name, `action "${service}:${name}"`);
  const twins = findTwins(names);
  if (twins !== undefined)
    throw new Error(`"${service}:${twins[0]}" and "${service}:${twins[1]}" are one action to IAM`);
};

const toServiceActions = (service: string, actions: readonly KnownAction[]): ServiceActions => {
  refuseUnfit(service, `service "${service}"`);
  refuseUnfitActions(
    service,
    actions.map(({ name }) => name),
  );
  const levelled = actions.map((action) => ({ name: action.name, level: levelOf(service, action) }));
  const entries = levels.flatMap((level) => {
    const names = levelled.filter((action) => action.level === level).map(({ name }) => name);
    return names.length === 0 ? [] : [[level, names.sort(byCodeUnit).join(" ")] as const];
  });
  return Object.fromEntries(entries);
};

/** Throws, naming it, for what the catalogue's form or IAM's comparison of names can't tell apart. */
export const toCatalogue = ({ source, updatedAt, services }: CatalogueSource): Catalogue => {
  const twins = findTwins(Object.keys(services));
  if (twins !== undefined) throw new Error(`services "${twins[0]}" and "${twins[1]}" are one to IAM`);
  const entries = Object.entries(services)
    // None is so in 0.21.202609261; to a policy it would be no more than a service that nobody knows.
    .filter(([, actions]) => actions.length > 0)
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([service, actions]) => [service, toServiceActions(service, actions)] as const);
  return { source, date: updatedAt.slice(0, "YYYY-MM-DD".length), services: Object.fromEntries(entries) };
};

/** One service a line, for diffs that can be read. */
export const formatCatalogue = ({ source, date, services }: Catalogue): string => {
  const lines = Object.entries(services).map(
    ([service, actions]) => `${JSON.stringify(service)}:${JSON.stringify(actions)}`,
  );
  return `{"source":${JSON.stringify(source)},"date":${JSON.stringify(date)},"services":{\n${lines.join(",\n")}\n}}\n`;
};
