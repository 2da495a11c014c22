import { test } from "tap";
import * as z from "zod/mini";
import { choice, structured } from "../../lib/settings/kinds.ts";
import { parseValue } from "../../lib/settings/parse-value.ts";
import { globs, several } from "../../lib/settings/several.ts";

const kind = structured(
  () =>
    z.strictObject({
      region: globs({ pattern: /^[a-z*-]+$/, expects: "a region or a glob" }),
      size: several(choice(["small", "large"]).schema, "a size"),
    }),
  "a map",
);

const cases = [
  { name: "nothing", written: {}, want: { ok: true, value: {} } },
  { name: "one", written: { region: "eu-*" }, want: { ok: true, value: { region: ["eu-*"] } } },
  {
    name: "several",
    written: { region: ["eu-*", "us-*"], size: ["large"] },
    want: { ok: true, value: { region: ["eu-*", "us-*"], size: ["large"] } },
  },
  {
    name: "an empty list",
    written: { region: [] },
    want: { ok: false, wrong: [{ path: ["region"], says: "not a region or a glob, or a list of such" }] },
  },
  {
    name: "one that is none",
    written: { region: "EU" },
    want: { ok: false, wrong: [{ path: ["region"], says: '"EU" is not a region or a glob, or a list of such' }] },
  },
  {
    name: "one of several that is none",
    written: { region: ["eu-*", "US"] },
    want: { ok: false, wrong: [{ path: ["region", 1], says: '"US" is not a region or a glob' }] },
  },
] as const;

for (const { name, written, want } of cases)
  test(`one or a list of such: ${name}`, async (t) => t.strictSame(parseValue(kind, written), want));
