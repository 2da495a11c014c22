import { formatInstant, type Millis } from "../core/time.ts";

export const logLevels = ["error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof logLevels)[number];
export type LogFormat = "text" | "json";

export interface Log extends Readonly<Record<LogLevel, (message: string) => void>> {
  configure(options: { readonly level: LogLevel; readonly format: LogFormat }): void;
}

interface LogTarget {
  readonly program: string;
  readonly write: (line: string) => void;
  readonly now: () => Millis;
}

/** Telegraf reads the level off these (inputs.exec, `log_stderr`); a line without one would count as an error. */
const prefixes: Readonly<Record<LogLevel, string>> = { error: "E!", warn: "W!", info: "I!", debug: "D!" };

/** Telegraf shows 512 bytes of a failed command's first line; prefix and program come out of the same 512. */
const longestMessage = 460;

/** One event is one line, whatever foreign text the message quotes. */
export function openLog({ program, write, now }: LogTarget): Log {
  let shown: readonly LogLevel[] = ["error", "warn"];
  let format: LogFormat = "text";
  const say = (level: LogLevel) => (message: string) => {
    if (!shown.includes(level)) return;
    const text = printable(message);
    if (format === "json") write(`${JSON.stringify({ time: formatInstant(now()), level, program, message: text })}\n`);
    else write(`${prefixes[level]} ${program}: ${shorten(text)}\n`);
  };
  return {
    error: say("error"),
    warn: say("warn"),
    info: say("info"),
    debug: say("debug"),
    configure(options) {
      shown = logLevels.slice(0, logLevels.indexOf(options.level) + 1);
      format = options.format;
    },
  };
}

/** Control characters could end the line, or drive the terminal that shows it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ").trim();

function shorten(text: string): string {
  if (Buffer.byteLength(text) <= longestMessage) return text;
  return `${Buffer.from(text)
    .subarray(0, longestMessage)
    .toString()
    .replace(/\uFFFD+$/, "")}...`;
}
