import { styleText } from "node:util";
import type { Frame } from "../../runtime/frame.ts";

export const colorChoices = ["auto", "always", "never"] as const;
export type ColorChoice = (typeof colorChoices)[number];

export const isTerminal = (stream: object): boolean => "isTTY" in stream && stream.isTTY === true;

/** FORCE_COLOR goes before NO_COLOR, as in Node itself. */
export function isColored(choice: ColorChoice, { stdout, environment }: Frame): boolean {
  if (choice !== "auto") return choice === "always";
  const { FORCE_COLOR: forced, NO_COLOR: refused = "", TERM: terminal } = environment;
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return refused === "" && terminal !== "dumb" && isTerminal(stdout);
}

export type Paint = (color: "red" | "green" | "yellow" | "cyan" | "bold", text: string) => string;

/** Whether there is color is decided already; Node would look at the process itself. */
export const painter = (isColored: boolean): Paint =>
  isColored ? (color, text) => styleText(color, text, { validateStream: false }) : (_color, text) => text;
