import { type Difference, diff, type Policy, type ScopeDifference } from "../../policy/library.ts";
import type { ExitCode, Frame } from "../../runtime/frame.ts";
import { refuse, writeText } from "../command.ts";
import type { DiffOptions } from "./arguments.ts";
import { warnOfAge } from "./catalogue.ts";
import { isColored, type Paint, painter } from "./color.ts";
import { readPolicy } from "./files.ts";
import { saySizes, tooDifferent } from "./output.ts";
import { count, formatJson, placeOf, shown } from "./words.ts";

export async function diffFiles(frame: Frame, options: DiffOptions): Promise<ExitCode> {
  const { before, after, "refuse-gain": refusesGain } = options;
  if (before === "-" && after === "-") return refuse(frame, ["standard input can be only one of the two"]);
  const [old, now] = await Promise.all([readPolicy(frame, before), readPolicy(frame, after)]);
  if (!old.ok || !now.ok)
    return refuse(
      frame,
      [old, now].flatMap((one) => (one.ok ? [] : one.problems)),
      1,
    );
  warnOfAge(frame);
  const difference = diff([old.policy], [now.policy]);
  const text = await formatDifference(frame, options, { before: old.policy, after: now.policy, difference });
  if (text === undefined) return refuse(frame, [tooDifferent], 1);
  await writeText(frame, text);
  const { gained, widened } = difference;
  return refusesGain && gained.length + widened.length > 0 ? refuse(frame, [sayGain(after, difference)], 1) : 0;
}

const sayGain = (after: string, { gained, widened }: Difference): string =>
  `${shown(after)} allows more: ${count(gained.length, "action")} gained, ${count(widened.length, "pattern")} widened`;

interface Compared {
  readonly before: Policy;
  readonly after: Policy;
  readonly difference: Difference;
}

async function formatDifference(frame: Frame, { format, color }: DiffOptions, compared: Compared) {
  const { before, after, difference } = compared;
  if (format === "json") return formatJson(difference);
  if (format === "table") return formatBlocks(difference, painter(isColored(color, frame)));
  const { formatPatches } = await import("./patch.ts");
  return formatPatches(frame, color, [{ before, after }]);
}

/** One block for the statements that say the same but for their actions. */
function formatBlocks({ scopes, size }: Difference, paint: Paint): string {
  const blocks = scopes.flatMap((scope) => [...formatBlock(scope, paint), ""]);
  const lines = scopes.length === 0 ? ["no action is gained or lost"] : blocks;
  return [...lines, saySizes(size)].map((line) => `${line}\n`).join("");
}

function formatBlock({ effect, before, after, gained, lost, widened }: ScopeDifference, paint: Paint) {
  const places = (statements: ScopeDifference["before"]) => statements.map(placeOf).join(", ") || "nothing";
  return [
    paint("bold", `${effect}: ${places(before)} -> ${places(after)}: gained ${gained.length}, lost ${lost.length}`),
    ...gained.map((action) => paint("green", `+ ${shown(action)}`)),
    ...lost.map((action) => paint("red", `- ${shown(action)}`)),
    ...widened.map((pattern) => paint("yellow", `! ${shown(pattern)} is not proven to match only what was matched`)),
  ];
}
