import fc from "fast-check";
import { test } from "tap";
import { parseInstant } from "../../lib/core/time.ts";
import { type LogFormat, type LogLevel, logLevels, openLog } from "../../lib/runtime/log.ts";
import { anyCharacter } from "../support/any-character.ts";

const now = parseInstant("2026-03-01T12:00:00Z") ?? 0;

function capture(options?: { readonly level: LogLevel; readonly format: LogFormat }, program = "keycheck") {
  const lines: string[] = [];
  const log = openLog({ program, write: (line) => lines.push(line), now: () => now });
  if (options !== undefined) log.configure(options);
  return { log, lines };
}

const sayAll = ({ log }: ReturnType<typeof capture>) => {
  for (const level of logLevels) log[level](`a ${level}`);
};

const shown: readonly { name: string; level?: LogLevel; want: readonly string[] }[] = [
  {
    name: "before the settings are known, errors and warnings are shown",
    want: ["E! keycheck: a error\n", "W! keycheck: a warn\n"],
  },
  { name: "at error, nothing less", level: "error", want: ["E! keycheck: a error\n"] },
  {
    name: "at info, all but debug",
    level: "info",
    want: ["E! keycheck: a error\n", "W! keycheck: a warn\n", "I! keycheck: a info\n"],
  },
  {
    name: "at debug, all",
    level: "debug",
    want: ["E! keycheck: a error\n", "W! keycheck: a warn\n", "I! keycheck: a info\n", "D! keycheck: a debug\n"],
  },
];

for (const { name, level, want } of shown) {
  test(name, async (t) => {
    const captured = capture(level && { level, format: "text" });
    sayAll(captured);
    t.strictSame(captured.lines, want);
  });
}

test("as JSON each line is an object with time and level", async (t) => {
  const captured = capture({ level: "warn", format: "json" });
  sayAll(captured);
  t.strictSame(
    captured.lines.map((line) => JSON.parse(line)),
    [
      { time: "2026-03-01T12:00:00Z", level: "error", program: "keycheck", message: "a error" },
      { time: "2026-03-01T12:00:00Z", level: "warn", program: "keycheck", message: "a warn" },
    ],
  );
});

const printable: readonly { name: string; message: string; want: string }[] = [
  { name: "a line break becomes a space", message: "one\ntwo\r\nthree", want: "one two three" },
  { name: "an escape sequence can't drive the terminal", message: "\u001b[2Jgone", want: "[2Jgone" },
  { name: "nor can one of the upper controls", message: "a\u009b2Jb\u007fc", want: "a 2Jb c" },
  { name: "the ends are trimmed", message: "\t said \0", want: "said" },
  { name: "other letters stay", message: 'größe 鍵 😀 \\ "q"', want: 'größe 鍵 😀 \\ "q"' },
];

for (const { name, message, want } of printable) {
  test(name, async (t) => {
    const text = capture();
    text.log.error(message);
    t.strictSame(text.lines, [`E! keycheck: ${want}\n`]);
    const json = capture({ level: "warn", format: "json" });
    json.log.error(message);
    t.equal(JSON.parse(json.lines.join("")).message, want);
  });
}

const cut: readonly { name: string; message: string; want: string }[] = [
  { name: "460 bytes are shown whole", message: "x".repeat(460), want: "x".repeat(460) },
  { name: "a byte more is cut", message: "x".repeat(461), want: `${"x".repeat(460)}...` },
  { name: "letters of two bytes are cut between", message: `x${"é".repeat(300)}`, want: `x${"é".repeat(229)}...` },
  { name: "letters of four bytes are cut between", message: `xx${"😀".repeat(200)}`, want: `xx${"😀".repeat(114)}...` },
];

for (const { name, message, want } of cut) {
  test(name, async (t) => {
    const { log, lines } = capture();
    log.error(message);
    t.strictSame(lines, [`E! keycheck: ${want}\n`]);
  });
}

test("JSON is for pipelines that take lines of any length", async (t) => {
  const { log, lines } = capture({ level: "warn", format: "json" });
  log.error("x".repeat(2000));
  t.equal(JSON.parse(lines.join("")).message.length, 2000);
});

test("whatever is said, it is one line of at most 512 bytes that begins with its level", async (t) => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter, maxLength: 700 }), fc.constantFrom(...logLevels), (message, level) => {
      const { log, lines } = capture({ level: "debug", format: "text" }, "dirtycount");
      log[level](message);
      const [line = "", ...others] = lines;
      t.same(others, []);
      t.ok(/^[EWID]! dirtycount: [^\p{Cc}]*\n$/u.test(line), JSON.stringify(line));
      t.ok(Buffer.byteLength(line) <= 512, `${Buffer.byteLength(line)} bytes`);
    }),
    { numRuns: 200 },
  );
});
