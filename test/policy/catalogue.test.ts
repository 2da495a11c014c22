import { test } from "tap";
import { accessLevels, catalogue, inOrder, readCatalogue } from "../../lib/policy/catalogue.ts";
import { matchPattern } from "../../lib/policy/expand.ts";

const small = readCatalogue({
  ...{ source: "a test", date: "2026-01-02" },
  services: {
    a: { Write: "Put", Read: "getObject GetObjects", List: "" },
    "a-b": { Tagging: "TagResource" },
    constructor: { "Permissions management": "Put" },
  },
});

test("actions of a service come sorted whatever their case, with service and level", async (t) => {
  t.strictSame(small.actionsOf("a"), [
    { service: "a", name: "a:getObject", folded: "a:getobject", action: "getobject", level: "Read" },
    { service: "a", name: "a:GetObjects", folded: "a:getobjects", action: "getobjects", level: "Read" },
    { service: "a", name: "a:Put", folded: "a:put", action: "put", level: "Write" },
  ]);
});

test("services come as their actions do", async (t) => {
  t.strictSame(small.services, ["a-b", "a", "constructor"]);
});

test("a service is found in any case, and taken apart once", async (t) => {
  t.equal(small.actionsOf("A-B"), small.actionsOf("a-b"));
  t.equal(small.actionsOf("a-b").length, 1);
});

test("an unknown service has no actions, whatever its name", async (t) => {
  for (const service of ["", "b", "toString", "__proto__"]) t.strictSame(small.actionsOf(service), [], service);
  t.equal(small.actionsOf("constructor").length, 1);
});

test("source and date are as given", async (t) => {
  t.match(small, { source: "a test", date: "2026-01-02" });
});

test("names come by their code units", async (t) => {
  const folded = (text: string) => ({ folded: text });
  t.equal(inOrder(folded("a"), folded("a")), 0);
  t.equal(inOrder(folded("a-b:"), folded("a:")), -1);
  t.equal(inOrder(folded("b"), folded("a")), 1);
});

test("the catalogue of AWS has its actions once each, sorted, with a level", async (t) => {
  const all = matchPattern("*", catalogue);
  t.ok(all.length > 15_000);
  t.match(catalogue.date, /^\d{4}-\d{2}-\d{2}$/);
  const folded = all.map((action) => action.folded);
  t.strictSame(folded, [...new Set(folded)].sort());
  t.ok(all.every(({ level }) => accessLevels.includes(level)));
  t.strictSame(
    all.filter(({ name, service }) => !/^[a-z0-9-]+:[A-Za-z0-9-]+$/.test(name) || !name.startsWith(`${service}:`)),
    [],
  );
});
