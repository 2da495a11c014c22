import { loadFile, type ReadText } from "../settings/load-file.ts";
import { placeOf } from "../settings/read-file.ts";
import type { OwnerMap } from "./find-owner.ts";
import { parseOwnerMap } from "./owner-map.ts";

export type LoadedOwnerMap =
  | { readonly ok: true; readonly map: OwnerMap }
  | { readonly ok: false; readonly problems: readonly string[] };

interface OwnerMapRequest {
  readonly path: string;
  /** Where the path came from, as its origin says. */
  readonly where: string;
  readonly readFile: ReadText;
}

/** Reads the file that the setting slack_map names. */
export async function loadOwnerMap({ path, where, readFile }: OwnerMapRequest): Promise<LoadedOwnerMap> {
  const file = await loadFile(path, where, readFile);
  if (file.problems.length > 0) return { ok: false, problems: file.problems };
  const parsed = parseOwnerMap(file.value);
  if (parsed.ok) return parsed;
  return { ok: false, problems: parsed.wrong.map((wrong) => `${placeOf(file, wrong.path)}: ${wrong.says}`) };
}
