import type { OriginsOf } from "../settings/declare.ts";
import { loadFile, type ReadText } from "../settings/load-file.ts";
import { placeOf } from "../settings/read-file.ts";
import { parseScheme } from "./parse-scheme.ts";
import type { Scheme } from "./scheme.ts";
import type { TagauditSettings, tagauditSettings } from "./settings.ts";
import type { ParsedScheme } from "./tag-keys.ts";
import { parseTagList } from "./tag-list.ts";
import { parseTagPolicy } from "./tag-policy.ts";

export type LoadedScheme =
  | { readonly ok: true; readonly scheme: Scheme; readonly notes: readonly string[] }
  | { readonly ok: false; readonly problems: readonly string[] };

type Asked = Pick<TagauditSettings, "tags" | "confirm" | "scheme" | "tagPolicy">;
type Origins = Pick<OriginsOf<typeof tagauditSettings>, "tags" | "scheme" | "tagPolicy">;

/** The scheme that the settings say; each problem names its file and line, or the setting. */
export async function loadScheme(settings: Asked, origins: Origins, readFile: ReadText): Promise<LoadedScheme> {
  const { scheme, tagPolicy, tags, confirm } = settings;
  if (scheme !== undefined)
    return readSchemeFile({ path: scheme, where: origins.scheme.where, parse: parseScheme }, readFile);
  if (tagPolicy !== undefined)
    return readSchemeFile({ path: tagPolicy, where: origins.tagPolicy.where, parse: parseTagPolicy }, readFile);
  const parsed = parseTagList(tags, confirm);
  if (parsed.ok) return parsed;
  return {
    ok: false,
    problems: parsed.wrong.map(({ path, says }) => `${origins.tags.where}: ${tags[Number(path[0])]}: ${says}`),
  };
}

interface SchemeFile {
  readonly path: string;
  readonly where: string;
  readonly parse: (value: unknown) => ParsedScheme;
}

export async function readSchemeFile({ path, where, parse }: SchemeFile, readFile: ReadText): Promise<LoadedScheme> {
  const file = await loadFile(path, where, readFile);
  if (file.problems.length > 0) return { ok: false, problems: file.problems };
  const parsed = parse(file.value);
  if (parsed.ok) return parsed;
  return { ok: false, problems: parsed.wrong.map((wrong) => `${placeOf(file, wrong.path)}: ${wrong.says}`) };
}
