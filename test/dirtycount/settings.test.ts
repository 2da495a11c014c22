import { test } from "tap";
import { dirtycountSettings, refuseRun } from "../../lib/dirtycount/settings.ts";
import { loadSettings } from "../../lib/settings/load-settings.ts";
import { runSettings } from "../../lib/settings/run-settings.ts";

const load = (...argv: readonly string[]) =>
  loadSettings({
    ...{ program: "dirtycount", says: "", examples: [], argv, environment: {} },
    ...{ declarations: [runSettings, dirtycountSettings], readFile: async () => "" },
  });

test("defaults count all, and recycle nothing", async (t) => {
  t.match(await load(), {
    program: {
      ...{ regions: [], tag: { key: "dirty", value: "skunked" }, tagUnverified: false, retag: true, fleet: true },
      ...{ recycle: false, recycleAfter: 86_400_000, maxRecycles: 5, maxShare: 5, simulate: undefined },
    },
  });
});

for (const { name, argv, want } of [
  { name: "recycling needs the fleet", argv: ["--recycle", "--no-fleet"], want: /recycle needs fleet/ },
  { name: "a tag has a value", argv: ["--tag", "dirty"], want: /a tag key=value/ },
  { name: "an instance has an id", argv: ["--own-instances", "web-1"], want: /an instance's id/ },
]) {
  test(`refused: ${name}`, async (t) => t.match(await load(...argv), { problems: [want] }));
}

test("recycling with the fleet is taken", async (t) => t.match(await load("--recycle"), { kind: "settings" }));

for (const { simulate, state, want } of [
  { simulate: undefined, state: "none", want: 1 },
  { simulate: "events.jsonl", state: "none", want: 0 },
  { simulate: undefined, state: "embedded", want: 0 },
  { simulate: undefined, state: "dynamodb", want: 0 },
]) {
  test(`state ${state}, ${simulate ?? "no simulation"}: ${want} problems`, async (t) =>
    t.equal(refuseRun({ simulate }, { state }).length, want));
}
