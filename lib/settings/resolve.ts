import type { Check, Declaration, DeclaredSetting, Origin, OriginsOf, SettingsOf } from "./declare.ts";
import { parseValue, showValue } from "./parse-value.ts";
import type { Given, Reading } from "./reading.ts";

/** Settings and origins stand in the order of their declarations. */
export type Resolved<Declarations extends readonly Declaration[]> =
  | {
      readonly ok: true;
      readonly settings: { readonly [At in keyof Declarations]: SettingsOf<Declarations[At]> };
      readonly origins: { readonly [At in keyof Declarations]: OriginsOf<Declarations[At]> };
    }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Settles every setting from readings, strongest first, or says all that is wrong, also with values that a stronger source hides. */
export function resolveSettings<const Declarations extends readonly Declaration[]>(
  declarations: Declarations,
  readings: readonly Reading[],
): Resolved<Declarations> {
  const isJudged = readings.every(({ isIncomplete }) => !isIncomplete);
  const settled = declarations.map((declaration) => settleDeclaration(declaration, readings, isJudged));
  const problems = [...readings, ...settled].flatMap((part) => part.problems);
  if (problems.length > 0) return { ok: false, problems };
  // Each declaration has filled exactly its own keys, with what its kinds yield.
  return deepFreeze({
    ok: true,
    settings: settled.map(({ values }) => values),
    origins: settled.map(({ origins }) => origins),
  }) as unknown as Resolved<Declarations>;
}

interface SettledSection {
  readonly values: Readonly<Record<string, unknown>>;
  readonly origins: Readonly<Record<string, Origin>>;
  readonly problems: readonly string[];
}

function settleDeclaration(
  { settings, checks }: Declaration,
  readings: readonly Reading[],
  isJudged: boolean,
): SettledSection {
  const settled = Object.entries(settings).map(([key, setting]) => ({ key, ...settleSetting(setting, readings) }));
  const sound = settled.filter(({ problems }) => problems.length === 0);
  const values = Object.fromEntries(sound.map(({ key, value }) => [key, value]));
  const origins = Object.fromEntries(sound.map(({ key, origin }) => [key, origin]));
  const problems = settled.flatMap((one) => one.problems);
  if (isJudged) problems.push(...checks.flatMap((check) => judge(check, { values, origins })));
  return { values, origins, problems };
}

interface Settled {
  readonly value: unknown;
  readonly origin: Origin;
  readonly problems: readonly string[];
}

function settleSetting(setting: DeclaredSetting, readings: readonly Reading[]): Settled {
  const answers = readings.map(({ source, given }) => ({
    source,
    parsed: given.filter((one) => one.setting === setting).map(parseGiven),
  }));
  const problems = answers.flatMap(({ parsed }) => [...parsed.flatMap((one) => one.problems), ...contradict(parsed)]);
  for (const { source, parsed } of answers) {
    const [first] = parsed;
    if (first !== undefined) return { value: first.value, origin: { source, where: first.given.where() }, problems };
  }
  return settleDefault(setting, problems);
}

function settleDefault(setting: DeclaredSetting, problems: readonly string[]): Settled {
  const { kind, default: written, names } = setting;
  const where = `default of ${names.section}.${names.stem}`;
  const origin = { source: "default", where } as const;
  if (written === undefined) return { value: undefined, origin, problems };
  if (typeof written !== "string") return { value: written, origin, problems };
  if (kind.readDefault !== undefined) return { value: kind.readDefault(written), origin, problems };
  const parsed = parseGiven({ setting, raw: written, where: () => where });
  return { value: parsed.value, origin, problems: [...problems, ...parsed.problems] };
}

interface ParsedGiven {
  readonly given: Given;
  readonly value: unknown;
  readonly problems: readonly string[];
}

function parseGiven(given: Given): ParsedGiven {
  const { setting, raw, where, refusal } = given;
  if (refusal !== undefined) return { given, value: undefined, problems: [`${where()}: ${refusal}`] };
  if (raw === undefined) return { given, value: undefined, problems: [] };
  const parsed = parseValue(setting.kind, raw, setting.secret);
  if (parsed.ok) return { given, value: parsed.value, problems: [] };
  return { given, value: undefined, problems: parsed.wrong.map(({ path, says }) => `${where(path)}: ${says}`) };
}

/** One source that says two things under two names of one setting leaves open which is meant. */
function contradict([first, ...others]: readonly ParsedGiven[]): string[] {
  if (first === undefined || first.problems.length > 0) return [];
  const differing = others.filter(
    ({ value, problems }) => problems.length === 0 && JSON.stringify(value) !== JSON.stringify(first.value),
  );
  return differing.map(
    ({ given }) => `${given.where()}: ${show(given)} contradicts ${show(first.given)} of ${first.given.where()}`,
  );
}

const show = ({ setting, raw }: Given): string => showValue(raw, setting.secret);

function judge({ of, refuses }: Check, { values, origins }: Omit<SettledSection, "problems">): string[] {
  const asked = of.flatMap((key) => {
    const origin = origins[key];
    return origin === undefined ? [] : [{ key, origin }];
  });
  if (asked.length < of.length) return [];
  const pick = (from: Readonly<Record<string, unknown>>) => Object.fromEntries(of.map((key) => [key, from[key]]));
  // `declareSettings` has typed the check against these very keys.
  const reason = refuses(pick(values) as never, pick(origins) as never);
  if (reason === undefined) return [];
  const told = asked.filter(({ origin }) => origin.source !== "default");
  const places = (told.length > 0 ? told : asked).map(({ origin }) => origin.where);
  return [`${[...new Set(places)].join(" and ")}: ${reason}`];
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
