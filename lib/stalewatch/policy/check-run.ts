import { formatColumns } from "../../core/columns.ts";
import { sizeQuotas } from "../../policy/library.ts";
import type { ExitCode, Frame } from "../../runtime/frame.ts";
import { refuse, writeText } from "../command.ts";
import type { CheckOptions } from "./arguments.ts";
import { warnOfAge } from "./catalogue.ts";
import { readPolicies } from "./files.ts";
import { type Findings, findIn, isRefused } from "./findings.ts";
import { formatJson, shown } from "./words.ts";

export async function checkFiles(frame: Frame, { files, format }: CheckOptions): Promise<ExitCode> {
  const read = await readPolicies(frame, files);
  if (!read.ok) return read.code;
  warnOfAge(frame);
  const policies = read.policies.map(findIn);
  const size = policies.reduce((sum, policy) => sum + policy.size, 0);
  await writeText(
    frame,
    format === "json" ? formatJson({ policies, size, quotas: sizeQuotas }) : formatAll(policies, size),
  );
  const refusals = [...policies.filter(isRefused).map(({ policy }) => `${shown(policy)}: AWS refuses it`)];
  if (isTooLarge(policies, size))
    refusals.push(`size ${size}: too large for the inline policies of any role, and for a managed policy`);
  return refusals.length === 0 ? 0 : refuse(frame, refusals, 1);
}

/** Whatever the policies are for: inline ones share one quota, managed ones have one each. */
const isTooLarge = (policies: readonly Findings[], size: number): boolean =>
  size > sizeQuotas.role && policies.some((policy) => policy.size > sizeQuotas.managed);

function formatAll(policies: readonly Findings[], size: number): string {
  const inline = (["user", "group", "role"] as const).map((owner) => [`inline of a ${owner}`, ...fit(size, owner)]);
  const managed = policies.map(({ policy, size }) => [`${shown(policy)} managed`, ...fit(size, "managed")]);
  const sizes = formatColumns([["SIZE AS", "CHARACTERS", "OF", ""], ...inline, ...managed]);
  return [...policies.map(formatPolicy), sizes].join("\n");
}

const fit = (size: number, quota: keyof typeof sizeQuotas): readonly string[] => [
  ...[`${size}`, `${sizeQuotas[quota]}`, size > sizeQuotas[quota] ? `${size - sizeQuotas[quota]} too many` : "fits"],
];

const formatPolicy = (findings: Findings): string =>
  formatColumns([
    ["POLICY", shown(findings.policy)],
    ["statements", `${findings.statements}`],
    ["actions", `${findings.actions}`],
    ...findings.unknown.map(({ statement, pattern, nearest }) => [
      ...[
        "unknown",
        `statement ${statement + 1}: ${shown(pattern)}${nearest === null ? "" : `, nearest is ${nearest}`}`,
      ],
    ]),
    ...findings.covered.map(({ statement, pattern, by }) => [
      ...[
        "covered",
        `statement ${statement + 1}: ${shown(pattern)} by ${by === pattern ? "itself, written again" : shown(by)}`,
      ],
    ]),
    ...findings.repeated_sids.map((sid) => ["refused", `Sid "${shown(sid)}" stands in several statements`]),
    ...findings.wrong_sids.map((sid) => ["refused", `Sid "${shown(sid)}" has other signs than letters and digits`]),
    ...findings.wrong_characters.map(({ line, column, code }) => [
      "refused",
      `line ${line}, column ${column}: ${code}`,
    ]),
  ]);
