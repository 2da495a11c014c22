import { test } from "tap";
import { declareSettings, setting } from "../../lib/settings/declare.ts";
import { text } from "../../lib/settings/kinds.ts";
import { refuseUnknown } from "../../lib/settings/reading.ts";
import { doorSettings, houseSettings } from "./sample-declaration.ts";

const cases = [
  { name: "a flag", source: "flag", written: "--open-aftr", want: "; did you mean --open-after?" },
  { name: "a flag with underscores", source: "flag", written: "--open_after", want: "; did you mean --open-after?" },
  { name: "a flag in camel case", source: "flag", written: "--openAfter", want: "; did you mean --open-after?" },
  { name: "a flag with one dash", source: "flag", written: "-open-after", want: "; did you mean --open-after?" },
  {
    name: "a variable, whose prefix is taken off",
    source: "environment",
    written: "LEVL",
    want: "; did you mean TAGAUDIT_LEVEL?",
  },
  {
    name: "a variable with another's prefix",
    source: "environment",
    written: "DEADLINE",
    want: "; did you mean STALEWATCH_DEADLINE?",
  },
  { name: "a key with dashes", source: "file", written: "close-after", want: "; did you mean tagaudit.close_after?" },
  {
    name: "an original name leads to ours",
    source: "file",
    written: "grace_minute",
    want: "; did you mean tagaudit.open_after?",
  },
  {
    name: "a flag for what only the file may give",
    source: "flag",
    written: "--exemptions",
    want: "; did you mean tagaudit.exemptions?",
  },
  {
    name: "a variable for what only the file may give",
    source: "environment",
    written: "EXEMPTION",
    want: "; did you mean tagaudit.exemptions?",
  },
  { name: "a key for what only a flag may give", source: "file", written: "follow", want: "; did you mean --follow?" },
  { name: "a stranger", source: "flag", written: "--colour", want: "" },
] as const;

for (const { name, source, written, want } of cases) {
  test(name, async (t) => {
    const declarations = [houseSettings, doorSettings];
    const said = refuseUnknown({ where: "here", name: written, source, declarations });
    t.equal(said, `here: no such setting${want}`);
  });
}

test("what nothing may give is never suggested", async (t) => {
  const hidden = declareSettings("keycheck", { hidden: setting(text(), { from: [], says: "Hidden." }) });
  t.equal(
    refuseUnknown({ where: "here", name: "hidden", source: "file", declarations: [hidden] }),
    "here: no such setting",
  );
});

test("what only a variable may give", async (t) => {
  const quiet = declareSettings("keycheck", { quiet: setting(text(), { from: ["environment"], says: "Quiet." }) });
  const said = refuseUnknown({ where: "here", name: "--quiet", source: "flag", declarations: [quiet] });
  t.equal(said, "here: no such setting; did you mean KEYCHECK_QUIET?");
});
