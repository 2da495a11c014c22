import { matchPattern } from "../../policy/expand.ts";
import { catalogue } from "../../policy/library.ts";
import { isPattern, isService } from "../../policy/pattern.ts";
import type { ExitCode, Frame } from "../../runtime/frame.ts";
import type { SubtractOptions } from "./arguments.ts";
import { readText } from "./files.ts";
import { nearestTo } from "./nearest.ts";
import { shown } from "./words.ts";

type ReadEntries =
  | { readonly ok: true; readonly entries: readonly string[] }
  | { readonly ok: false; readonly problems: readonly string[]; readonly code: ExitCode };

/** What is to be taken: of the options, then of the files that they name. */
export async function readEntries(frame: Frame, options: SubtractOptions): Promise<ReadEntries> {
  const { remove, "remove-from": removeFrom } = options;
  const refused = (problems: readonly string[], code: ExitCode): ReadEntries => ({ ok: false, problems, code });
  if (remove.length + removeFrom.length === 0)
    return refused(["nothing to take is named: give --remove PATTERN or --remove-from FILE"], 2);
  if (removeFrom.includes("-") && (options.files.length === 0 || options.files.includes("-")))
    return refused(["remove-from: standard input can't be both the policy and what to take from it"], 2);
  const given = remove.map((entry) => ({ entry, where: "remove" }));
  const read = await Promise.all(removeFrom.map((file) => readFileOfEntries(frame, file)));
  const unread = read.flatMap((one) => (one.ok ? [] : [one.problem]));
  if (unread.length > 0) return refused(unread, 1);
  const all = [...given, ...read.flatMap((one) => (one.ok ? one.entries : []))];
  const wrong = all.filter(({ entry }) => !isEntry(entry)).map(sayNoEntry);
  return wrong.length > 0 ? refused(wrong, 2) : { ok: true, entries: [...new Set(all.map(({ entry }) => entry))] };
}

interface Entry {
  readonly entry: string;
  readonly where: string;
}

type FileOfEntries =
  | { readonly ok: true; readonly entries: readonly Entry[] }
  | { readonly ok: false; readonly problem: string };

async function readFileOfEntries(frame: Frame, file: string): Promise<FileOfEntries> {
  const read = await readText(frame, file);
  if (!read.ok) return read;
  const text = read.text.replace(/^\uFEFF/, "");
  if (text.trimStart().startsWith("[")) return parseList(text, file);
  const lines = text.split(/\r\n|\r|\n/).map((line, at) => ({
    ...{ entry: line.replace(/#.*/, "").trim(), where: `${shown(file)} line ${at + 1}` },
  }));
  return { ok: true, entries: lines.filter(({ entry }) => entry !== "") };
}

function parseList(text: string, file: string): FileOfEntries {
  const refused: FileOfEntries = { ok: false, problem: `${shown(file)}: is not a JSON list of texts` };
  try {
    const list: unknown = JSON.parse(text);
    if (!Array.isArray(list) || !list.every((entry) => typeof entry === "string")) return refused;
    return { ok: true, entries: list.map((entry, at) => ({ entry, where: `${shown(file)} entry ${at + 1}` })) };
  } catch {
    return refused;
  }
}

/** As subtract takes them: a pattern, or a service alone; not with the quotes and commas of a list around it. */
const isEntry = (written: string): boolean =>
  (isPattern(written) || isService(written)) && /^[\w.*?:-]+$/.test(written);

const sayNoEntry = ({ entry, where }: Entry): string =>
  `${where}: "${shown(entry)}" is not an action such as s3:PutObject, a pattern such as s3:Put*, or a service such as s3`;

/** Why an entry takes nothing. */
export function sayUnmatched(entry: string): string {
  const pattern = /[:*]/.test(entry) ? entry : `${entry}:*`;
  const what = `"${shown(entry)}" takes nothing`;
  if (matchPattern(pattern, catalogue).length > 0) return `${what}: no Allow statement has any of it`;
  const nearest = nearestTo(entry);
  return `${what}: no such action is known${nearest === undefined ? "" : `: did you mean ${nearest}?`}`;
}
