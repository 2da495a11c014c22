import { test } from "tap";
import { float, integer, measurement } from "../../lib/measurements/declare.ts";
import { formatMeasurementTable } from "../../lib/measurements/format-table.ts";

test("tags come first, then fields with their types and units", async (t) => {
  const keys = measurement({
    name: "iam",
    says: "one access key",
    tags: { status: "ok | expired" },
    fields: { age: float("age of the key", "days"), count: integer("keys") },
  });
  t.equal(
    formatMeasurementTable(keys),
    [
      "`iam`: one access key",
      "",
      "| name | | type | unit | meaning |",
      "| --- | --- | --- | --- | --- |",
      "| `status` | tag | string | | ok \\| expired |",
      "| `age` | field | float | days | age of the key |",
      "| `count` | field | integer | | keys |",
      "",
    ].join("\n"),
  );
});
