import { test } from "tap";
import { declareSettings, setting, settingsIn } from "../../lib/settings/declare.ts";
import { formatHelp } from "../../lib/settings/help.ts";
import { choice, text } from "../../lib/settings/kinds.ts";
import { runSettings } from "../../lib/settings/run-settings.ts";
import { doorSettings, houseSettings } from "./sample-declaration.ts";

const described = {
  program: "doorcheck",
  says: "Finds doors that stand open.",
  examples: [
    ["doorcheck front back --strict", "two doors, strictly"],
    ["doorcheck", "all doors"],
  ],
} as const;

const help = formatHelp(described, [doorSettings, houseSettings]);
const lines = help.split("\n");

const blocks = [
  { name: "usage", want: "Usage: doorcheck [FLAG...] [DOOR...]\n\nFinds doors that stand open.\n\n" },
  {
    name: "original flag, default, unit and both names of the environment",
    want: `
  -g, --open-after DURATION       How long a door may stay open.
                                  default 15m; a bare number means minutes; TAGAUDIT_OPEN_AFTER;
                                  original grace_minutes
`,
  },
  {
    name: "unit of its own",
    want: `
  --ports N,...                   Open ports | allowed.
                                  default 443; unit ports; TAGAUDIT_PORTS
`,
  },
  {
    name: "no default",
    want: `
  --level low|high                How bad it is.
                                  TAGAUDIT_LEVEL
`,
  },
  {
    name: "toggle",
    want: `
  --strict                        Whether to be strict.
                                  default false; TAGAUDIT_STRICT; original STRICT
`,
  },
  {
    name: "in the file only",
    want: `
  tagaudit.exemptions             Doors that may stay open.
                                  settings file only
`,
  },
  {
    name: "by flag only",
    want: `
  --follow                        Stay.
                                  default false
`,
  },
  {
    name: "groups in the order given",
    want: `
Settings, in the file's section run:
  --deadline DURATION             When to stop.
                                  default 110s; a bare number means seconds; STALEWATCH_DEADLINE

Beside the settings:
`,
  },
  { name: "help itself", want: "\n  -h, --help                      Print this text.\n" },
  {
    name: "examples at the end",
    want: `
Examples:
  doorcheck front back --strict
      two doors, strictly
  doorcheck
      all doors
`,
  },
] as const;

for (const { name, want } of blocks) test(`shows ${name}`, async (t) => t.ok(help.includes(want), help));

test("ends with the examples", async (t) => t.ok(help.endsWith("      all doors\n")));

test("without positional arguments and examples neither is mentioned", async (t) => {
  const plain = formatHelp({ ...described, examples: [] }, [houseSettings]);
  t.ok(plain.startsWith("Usage: doorcheck [FLAG...]\n"));
  t.notMatch(plain, "Examples");
});

const wordy = declareSettings("keycheck", {
  aVeryLongNameThatLeavesNoRoomBesideIt: setting(choice(["one", "two", "three"]), {
    default: "x".repeat(150),
    says: `${"many words ".repeat(30)}${"y".repeat(150)} end.`,
  }),
  fits: setting(text({ pattern: /./, expects: "x", placeholder: "P".repeat(24) }), { says: "Fits." }),
  fitsNot: setting(text({ pattern: /./, expects: "x", placeholder: "P".repeat(21) }), { says: "Fits not." }),
});

test("a name too wide for its column has a line of its own", async (t) => {
  const wide = formatHelp(described, [wordy]);
  t.ok(wide.includes(`\n  --fits ${"P".repeat(24)} Fits.\n`), wide);
  t.ok(wide.includes(`\n  --fits-not ${"P".repeat(21)}\n${" ".repeat(34)}Fits not.\n`), wide);
});

for (const declarations of [[doorSettings, houseSettings], [runSettings], [wordy]]) {
  const text = formatHelp(
    { ...described, says: "word ".repeat(50), examples: [["c ".repeat(80), "z".repeat(200)]] },
    declarations,
  );

  test(`no line is wider than 100 columns, nor ends in space, in section ${declarations[0]?.section}`, async (t) => {
    for (const line of text.split("\n")) {
      t.ok(line.length <= 100, line);
      t.equal(line, line.trimEnd());
    }
  });

  test(`every setting is shown once, in section ${declarations[0]?.section}`, async (t) => {
    const heads = text.split("\n").filter((line) => /^ {2}\S/.test(line));
    for (const { names } of settingsIn(declarations)) {
      const name = names.flag[0] ?? `${names.section}.${names.stem}`;
      t.equal(heads.filter((line) => line.trim().split(/[ ,]+/).includes(name)).length, 1, name);
    }
  });
}

test("nothing is lost in wrapping", async (t) => {
  const words = lines.join(" ").split(/\s+/);
  for (const { says } of settingsIn([doorSettings, houseSettings]))
    for (const word of says.split(" ")) t.ok(words.includes(word), word);
});
