import type { Kind } from "./kind.ts";
import { nameSetting, type SettingNames, type Source, sources } from "./names.ts";

interface SettingOptions {
  /** One sentence: what the setting means. */
  readonly says: string;
  /** What the predecessors called it, exactly as they spelled it; with a dash in front, a flag of theirs. */
  readonly original?: string | readonly string[];
  /** What a number counts, such as `disables per account in 24 h`. */
  readonly unit?: string;
  /** Never shown in a problem. */
  readonly secret?: boolean;
  /** The sources that may give it, if not all; a structured setting stands in the file alone. */
  readonly from?: readonly Source[];
  /** Arguments that follow no flag are its items. */
  readonly positional?: boolean;
}

/** Written as a user would write it; structured settings take only the empty list. */
type DefaultText = string | readonly [];

export interface Setting<Value> extends SettingOptions {
  readonly kind: Kind<Value>;
  readonly default?: DefaultText;
}

export interface DeclaredSetting<Value = unknown> extends Setting<Value> {
  readonly names: SettingNames;
}

/** Where a value came from, as problems and log lines name it: `flag --expire-age`, `file stalewatch.yaml line 4, run.mode`. */
export interface Origin {
  readonly source: Source | "default";
  readonly where: string;
}

/** Settings that must agree with each other; asked only when each of them could be read. */
export interface Check {
  readonly of: readonly string[];
  /** Why these values don't go together, or undefined when they do. */
  readonly refuses: (values: never, origins: never) => string | undefined;
}

type SettingMap = Readonly<Record<string, Setting<unknown>>>;

export interface Declaration<Settings extends SettingMap = SettingMap, Section extends string = string> {
  readonly section: Section;
  readonly settings: { readonly [Key in keyof Settings]: DeclaredSetting<ValueOf<Settings[Key]>> };
  readonly checks: readonly Check[];
}

type ValueOf<S> = S extends Setting<infer Value> ? Value : never;
type Values<Settings> = { readonly [Key in keyof Settings]: ValueOf<Settings[Key]> };

/** The values a declaration yields: undefined only where there is no default. */
export type SettingsOf<D> = D extends { readonly settings: infer Settings } ? Values<Settings> : never;
export type OriginsOf<D> = D extends { readonly settings: infer Settings }
  ? { readonly [Key in keyof Settings]: Origin }
  : never;

export function setting<Value>(kind: Kind<Value>, options: SettingOptions & { default: DefaultText }): Setting<Value>;
export function setting<Value>(kind: Kind<Value>, options: SettingOptions): Setting<Value | undefined>;
export function setting<Value>(kind: Kind<Value>, options: SettingOptions): Setting<Value | undefined> {
  return { kind, ...options };
}

type DeclareCheck<Settings> = <Key extends keyof Settings & string>(
  of: readonly Key[],
  refuses: (values: Pick<Values<Settings>, Key>, origins: Readonly<Record<Key, Origin>>) => string | undefined,
) => Check;

/** Declares a section of settings: parser, help, README table and JSON Schema all follow from this one object. */
export function declareSettings<const Section extends string, Settings extends SettingMap>(
  section: Section,
  settings: Settings,
  checks: (check: DeclareCheck<Settings>) => readonly Check[] = () => [],
): Declaration<Settings, Section> {
  const named = Object.entries(settings).map(([key, declared]) => [key, nameDeclared(section, key, declared)]);
  return {
    section,
    // The entries are those of `settings`, each with its names added.
    settings: Object.fromEntries(named) as Declaration<Settings>["settings"],
    checks: checks((of, refuses) => ({ of, refuses })),
  };
}

function nameDeclared(section: string, key: string, declared: Setting<unknown>): DeclaredSetting {
  const original = typeof declared.original === "string" ? [declared.original] : (declared.original ?? []);
  const from: readonly Source[] = declared.from ?? (declared.kind.form === "structured" ? ["file"] : sources);
  return { ...declared, names: nameSetting({ section, key, original, from }) };
}

/** How a number is meant, in words; undefined where nothing but a number's own sentence says it. */
export function describeUnit({ unit, kind }: DeclaredSetting): string | undefined {
  if (unit !== undefined) return `unit ${unit}`;
  return kind.bareUnit === undefined ? undefined : `a bare number means ${kind.bareUnit}`;
}

export const settingsIn = (declarations: readonly Declaration[]): readonly DeclaredSetting[] =>
  declarations.flatMap((declaration) => Object.values(declaration.settings));

/** Every name under which a declaration's settings can be given: what a Telegraf conf or a ConfigMap may hold. */
export function settingNames(declaration: Declaration): Readonly<Record<Source, readonly string[]>> {
  const all = (source: Source) => settingsIn([declaration]).flatMap(({ names }) => names[source]);
  return { flag: all("flag"), environment: all("environment"), file: all("file") };
}
