import { test } from "tap";
import { boolean, float, integer, measurement, point, string } from "../../lib/measurements/declare.ts";

test("each kind of field is declared by its own name, without a unit unless one is given", async (t) => {
  t.strictSame(integer("keys"), { kind: "integer", unit: "none", says: "keys" });
  t.strictSame(float("age", "days"), { kind: "float", unit: "days", says: "age" });
  t.strictSame(boolean("state"), { kind: "boolean", unit: "none", says: "state" });
  t.strictSame(string("reason"), { kind: "string", unit: "none", says: "reason" });
});

test("a point carries its measurement, and a time only where one is given", async (t) => {
  const keys = measurement({ name: "iam", says: "one key", tags: { name: "user" }, fields: { age: float("age") } });
  const values = { tags: { name: "a" }, fields: { age: 1 } };
  t.strictSame(point(keys, values), { measurement: keys, ...values });
  t.strictSame(point(keys, { ...values, time: 5 }), { measurement: keys, ...values, time: 5 });
});
