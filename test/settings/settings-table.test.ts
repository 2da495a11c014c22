import { test } from "tap";
import { formatSettingsTable } from "../../lib/settings/settings-table.ts";
import { doorSettings } from "./sample-declaration.ts";

const [head, rule, ...rows] = formatSettingsTable(doorSettings).split("\n");

test("a Markdown table", async (t) => {
  t.equal(head, "| setting | default | environment | original name | meaning |");
  t.equal(rule, "| --- | --- | --- | --- | --- |");
  t.equal(rows.length, Object.keys(doorSettings.settings).length + 1);
  t.equal(rows.at(-1), "", "ends its last line");
});

const cases = [
  {
    name: "original variables before original flags",
    want: "| `open_after` | `15m` | `TAGAUDIT_OPEN_AFTER` | `grace_minutes`, `-g` | How long a door may stay open. (a bare number means minutes) |",
  },
  {
    name: "a stroke does not end its cell",
    want: "| `ports` | `443` | `TAGAUDIT_PORTS` |  | Open ports \\| allowed. (unit ports) |",
  },
  { name: "an empty default is none", want: "| `doors` |  | `TAGAUDIT_DOORS` |  | Doors to look at. |" },
  { name: "no default", want: "| `level` |  | `TAGAUDIT_LEVEL` |  | How bad it is. |" },
  { name: "in the file only", want: "| `exemptions` |  |  |  | Doors that may stay open. |" },
  { name: "by flag only", want: "| `--follow` | `false` |  |  | Stay. |" },
] as const;

for (const { name, want } of cases) test(name, async (t) => t.ok(rows.includes(want), rows.join("\n")));
