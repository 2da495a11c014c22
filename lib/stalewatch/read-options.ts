import type { Kind } from "../settings/kind.ts";
import { parseValue } from "../settings/parse-value.ts";

type Kinds = Readonly<Record<string, Kind<unknown>>>;

/** Undefined where the option was not given. */
type Values<Wanted extends Kinds> = {
  readonly [Name in keyof Wanted]: Wanted[Name] extends Kind<infer Value> ? Value | undefined : never;
};

export type ReadOptions<Wanted extends Kinds> =
  | { readonly ok: true; readonly values: Values<Wanted> }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Holds options against the kinds that settings have, and says all that is wrong with them at once. */
export function readOptions<Wanted extends Kinds>(
  wanted: Wanted,
  given: { readonly [Name in keyof Wanted]?: unknown },
): ReadOptions<Wanted> {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, kind] of Object.entries(wanted)) {
    const raw = given[name];
    if (raw === undefined) continue;
    const parsed = parseValue(kind, raw);
    if (parsed.ok) values[name] = parsed.value;
    else problems.push(...parsed.wrong.map(({ says }) => `${name}: ${says}`));
  }
  // Each name has gone through its own kind.
  return problems.length > 0 ? { ok: false, problems } : { ok: true, values: values as Values<Wanted> };
}
