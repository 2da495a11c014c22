import type { StatementName } from "../../policy/diff.ts";

/** What drives a terminal, ends a line, or turns the direction of what follows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const unprintable = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

const escapeSign = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** A name, Sid, pattern or line as people see it: what must not reach a terminal is escaped as in JSON. */
export const shown = (text: string): string => text.replace(unprintable, escapeSign);

/** A text of several lines as a terminal gets it. */
export const shownText = (text: string): string => text.replace(/\r$/gm, "").replace(/[^\t\n]+/g, shown);

/** In JSON only strings can have what is escaped here, where it means the same. */
export const formatJson = (value: unknown): string => `${shownText(JSON.stringify(value, undefined, 2))}\n`;

/** Counted from 1, as people count. */
export const placeOf = ({ policy, index, sid }: StatementName): string =>
  `${shown(policy)} statement ${index + 1}${sid === undefined ? "" : ` (${shown(sid)})`}`;

export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;
