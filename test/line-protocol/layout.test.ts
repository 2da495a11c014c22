import { test } from "tap";
import { layoutOf } from "../../lib/line-protocol/layout.ts";
import { integer, measurement } from "../../lib/measurements/declare.ts";

const declared = (name: string, tags: readonly string[], fields: readonly string[]) =>
  measurement({
    name,
    says: "a sample",
    tags: Object.fromEntries(tags.map((tag) => [tag, "a tag"])),
    fields: Object.fromEntries(fields.map((field) => [field, integer("a field")])),
  });

const orders = [
  { name: "tags are sorted whatever order they were declared in", tags: ["b", "a", "c"], want: [",a=", ",b=", ",c="] },
  { name: "a key comes before its own extension", tags: ["ab", "a"], want: [",a=", ",ab="] },
  {
    name: "bytes decide, not UTF-16: the last of the basic plane before the first beyond",
    tags: ["\u{10000}", "\uffee"],
    want: [",\uffee=", ",\u{10000}="],
  },
  { name: "the order is that of unescaped keys", tags: ["a!", "a b"], want: [",a\\ b=", ",a!="] },
  { name: "a key that cleans to nothing is left out", tags: ["\n", "a"], want: [",a="] },
] as const;

for (const { name, tags, want } of orders) {
  test(`tags: ${name}`, async (t) => {
    const leads = layoutOf(declared("m", tags, ["f"])).tags.map(({ lead }) => lead);
    t.strictSame(leads, want);
  });
}

test("of two tags that clean to one key the first declared is written", async (t) => {
  t.strictSame(layoutOf(declared("m", ["a\n", "a"], ["f"])).tags, [{ name: "a\n", lead: ",a=" }]);
});

test("fields keep the order of their declaration, and a key that can't be written has no lead", async (t) => {
  const leads = layoutOf(declared("m", [], ["b", "a=1", "\n", "b\t"])).fields.map(({ lead }) => lead);
  t.strictSame(leads, ["b=", "a\\=1=", "", ""]);
});

test("the measurement's name is escaped, and empty when nothing of it can be written", async (t) => {
  t.equal(layoutOf(declared("#a b", [], ["f"])).measurement, "a\\ b");
  t.equal(layoutOf(declared("#", [], ["f"])).measurement, "");
});

test("a declaration is laid out once", async (t) => {
  const once = declared("m", ["a"], ["f"]);
  t.equal(layoutOf(once), layoutOf(once));
});
