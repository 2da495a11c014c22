import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { messageOf } from "../../core/errors.ts";
import { formatProblem, type Policy, parsePolicy } from "../../policy/library.ts";
import type { ExitCode, Frame } from "../../runtime/frame.ts";
import { refuse } from "../command.ts";
import { isTerminal } from "./color.ts";
import { shown } from "./words.ts";

export type ReadPolicies =
  | { readonly ok: true; readonly policies: readonly Policy[] }
  | { readonly ok: false; readonly code: ExitCode };

/** Each file's policy is called by its path; whatever is wrong with any of them has been said where there are none. */
export async function readPolicies(frame: Frame, files: readonly string[]): Promise<ReadPolicies> {
  const stop = (problems: readonly string[], code: ExitCode): ReadPolicies => ({
    ...{ ok: false, code: refuse(frame, problems, code) },
  });
  if (files.length === 0 && isTerminal(frame.stdin))
    return stop(["no FILE is named and standard input is a terminal: name policy files, or - to type one"], 2);
  const chosen = files.length === 0 ? ["-"] : files;
  const names = chosen.map(nameOf);
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  if (twice.length > 0)
    return stop(
      [...new Set(twice)].map((name) => `${shown(name)}: is named twice`),
      2,
    );
  const read = await Promise.all(chosen.map((file) => readPolicy(frame, file)));
  const problems = read.flatMap((one) => (one.ok ? [] : one.problems));
  return problems.length > 0
    ? stop(problems, 1)
    : { ok: true, policies: read.flatMap((one) => (one.ok ? [one.policy] : [])) };
}

const nameOf = (file: string): string => (file === "-" ? "stdin" : file);

type ReadPolicy =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly problems: readonly string[] };

export async function readPolicy(frame: Frame, file: string): Promise<ReadPolicy> {
  const read = await readText(frame, file);
  if (!read.ok) return { ok: false, problems: [read.problem] };
  const name = nameOf(file);
  const parsed = parsePolicy(read.text, name);
  if (parsed.ok) return parsed;
  const answer = describeAnswer(read.text);
  const problems = answer === undefined ? parsed.problems.map(formatProblem) : [answer];
  return { ok: false, problems: problems.map((says) => `${shown(name)}${answer === undefined ? "" : ":"} ${says}`) };
}

type ReadText = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string };

/** What is not UTF-8 is refused, since it could not be written back as it was. */
export async function readText({ stdin }: Frame, file: string): Promise<ReadText> {
  try {
    const bytes = file === "-" ? await buffer(stdin) : await readFile(file);
    return { ok: true, text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
    return { ok: false, problem: `cannot read "${shown(nameOf(file))}": ${systemWords[code] ?? messageOf(thrown)}` };
  }
}

const systemWords: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EISDIR: "it is a directory",
  ENOENT: "no such file",
  ERR_ENCODING_INVALID_ENCODED_DATA: "it is not UTF-8",
};

const answers = [
  ["PolicyDocument", "get-role-policy", "PolicyDocument"],
  ["PolicyVersion", "get-policy-version", "PolicyVersion.Document"],
  ["RoleDetailList", "get-account-authorization-details", "RoleDetailList[0].RolePolicyList[0].PolicyDocument"],
] as const;

/** What AWS's command line prints has the document inside. */
function describeAnswer(text: string): string | undefined {
  const members = Object.keys(parseJson(text) ?? {});
  const [, call, query] = answers.find(([member]) => members.includes(member)) ?? [];
  if (call === undefined) return undefined;
  return `this is what aws iam ${call} prints: pass the document in it, as aws iam ${call} ... --query '${query}' gives it`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is wrong with it has been found already.
    return undefined;
  }
}
