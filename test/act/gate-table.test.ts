import { test } from "tap";
import type { ActionClass } from "../../lib/act/action.ts";
import { bindingOf, capOf, classesBoundBy, type GateName, gateTable, neededMode } from "../../lib/act/gate-table.ts";

/** As the architecture has it; `grace` binds what programs plan, and `restoring` is what a person undoes. */
const written = `
  | class        | mode   | account | paused, grace | calendar | exempt | own_leg, protected, clock | coverage, stale_evidence | canary, fleet | told    | cap     |
  | notice       | notify | yes     | yes           | yes      | yes    | no                        | yes                      | no            | no      | by_kind |
  | mark         | commit | yes     | yes           | no       | no     | no                        | no                       | no            | no      | no      |
  | reversible   | commit | yes     | yes           | yes      | yes    | yes                       | yes                      | yes           | by_kind | yes     |
  | irreversible | commit | yes     | yes           | yes      | yes    | yes                       | yes                      | yes           | yes     | yes     |
  | restoring    | commit | yes     | no            | no       | no     | no                        | no                       | no            | no      | no      |
`;

const [header = [], ...rows] = written
  .trim()
  .split("\n")
  .map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

const meanings: Readonly<Record<string, string | undefined>> = {
  yes: "always",
  notify: "always",
  commit: "always",
  by_kind: "by_kind",
  no: undefined,
};

for (const [name = "", ...cells] of rows) {
  // The first column names classes.
  const actionClass = name as ActionClass;
  for (const [index, cell] of cells.entries()) {
    for (const gate of header[index + 1]?.split(", ") ?? []) {
      test(`${name}: ${gate} ${cell}`, async (t) => {
        t.ok(cell in meanings);
        // The header names gates.
        t.equal(bindingOf(gate as GateName, actionClass), meanings[cell]);
      });
    }
  }
  test(`${name} needs mode ${cells[0]}`, async (t) => t.equal(neededMode[actionClass], cells[0]));
}

test("the table names every class and no further gate", async (t) => {
  t.strictSame(rows.map(([name]) => name).sort(), Object.keys(gateTable).sort());
  const gates = header.slice(1).flatMap((cell) => cell.split(", "));
  for (const bindings of Object.values(gateTable)) {
    t.strictSame(
      Object.keys(bindings).filter((gate) => !gates.includes(gate)),
      [],
    );
  }
});

test("a class that nobody has declared is bound by every gate", async (t) => {
  for (const unknown of ["terminate", "toString", ""]) t.equal(bindingOf("fleet", unknown as ActionClass), "always");
});

test("which classes a gate binds", async (t) => {
  t.strictSame(classesBoundBy("fleet"), ["reversible", "irreversible"]);
  t.strictSame(classesBoundBy("mode"), ["notice", "mark", "reversible", "irreversible", "restoring"]);
});

test("an action is counted where its class is capped", async (t) => {
  t.equal(capOf({ class: "reversible", cap: "disables" }), "disables");
  t.equal(capOf({ class: "notice", cap: "notices" }), "notices");
  t.equal(capOf({ class: "restoring", cap: "disables" }), undefined);
  t.equal(capOf({ class: "mark", cap: "disables" }), undefined);
  t.equal(capOf({ class: "reversible" }), undefined);
});
