import type { Millis } from "../core/time.ts";
import type { OriginsOf } from "../settings/declare.ts";
import { loadFile, type ReadText } from "../settings/load-file.ts";
import { placeOf } from "../settings/read-file.ts";
import { readSchemeFile } from "./load-scheme.ts";
import { parseScheme } from "./parse-scheme.ts";
import type { TagauditSettings, tagauditSettings } from "./settings.ts";

type Asked = Pick<TagauditSettings, "checkScheme" | "against">;
type Origins = Pick<OriginsOf<typeof tagauditSettings>, "checkScheme" | "against">;

interface Reading {
  readonly readFile: ReadText;
  readonly now: Millis;
}

/** What `--check-scheme` prints; undefined where it is not asked for. */
export async function printSchemeCheck(
  { checkScheme: path, against }: Asked,
  origins: Origins,
  { readFile, now }: Reading,
): Promise<{ readonly text: string } | { readonly problems: readonly string[] } | undefined> {
  if (path === undefined) return undefined;
  const loaded = await readSchemeFile({ path, where: origins.checkScheme.where, parse: parseScheme }, readFile);
  const inventory = await readInventory(against, origins.against.where, readFile);
  const problems = [...(loaded.ok ? [] : loaded.problems), ...(inventory.ok ? [] : inventory.problems)];
  if (!loaded.ok || !inventory.ok) return { problems };
  const { checkScheme } = await import("./check-scheme.ts");
  return { text: checkScheme({ ...loaded, instances: inventory.instances, now }) };
}

async function readInventory(path: string | undefined, where: string, readFile: ReadText) {
  if (path === undefined) return { ok: true, instances: undefined } as const;
  const file = await loadFile(path, where, readFile);
  if (file.problems.length > 0) return { ok: false, problems: file.problems } as const;
  const { parseInventory } = await import("./parse-inventory.ts");
  const parsed = parseInventory(file.value);
  if (parsed.ok) return parsed;
  return { ok: false, problems: parsed.wrong.map((wrong) => `${placeOf(file, wrong.path)}: ${wrong.says}`) } as const;
}
