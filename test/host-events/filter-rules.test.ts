import { test } from "tap";
import { filterRule } from "../../lib/host-events/filter-rules.ts";
import { list } from "../../lib/settings/kinds.ts";
import { parseValue } from "../../lib/settings/parse-value.ts";

const taken = [
  { written: "event=ssm_* level=medium", want: { event: "ssm_*", level: "medium" } },
  { written: "  drop=yes   event=ssh ", want: { event: "ssh", drop: true } },
  {
    written:
      "source=host account=1* region=eu-* principal=arn:aws:sts::*:assumed-role/x/* annotate.team=a annotate.why=b",
    want: {
      ...{ source: "host", account: "1*", region: "eu-*", principal: "arn:aws:sts::*:assumed-role/x/*" },
      annotate: { team: "a", why: "b" },
    },
  },
  { written: "principal=a=b drop=true", want: { principal: "a=b", drop: true } },
  {
    written: { event: "guardduty:*/C&CActivity.B!DNS", level: "low" },
    want: { event: "guardduty:*/C&CActivity.B!DNS", level: "low" },
  },
  { written: { account: 111122223333, drop: true }, want: { account: "111122223333", drop: true } },
  { written: { level: "high", drop: false }, want: { level: "high" } },
  { written: { annotate: { ticket: "SEC 1" } }, want: { annotate: { ticket: "SEC 1" } } },
];

for (const { written, want } of taken) {
  test(`${JSON.stringify(written)} is a rule`, async (t) =>
    t.strictSame(parseValue(filterRule(), written), { ok: true, value: want }));
}

const refused = [
  "",
  "ssh",
  "event=ssh",
  "event=ssh level=grave",
  "event=ssh drop",
  "evnt=ssh drop=yes",
  "event= drop=yes",
  ...["region=EU drop=yes", "region=EU-west-1 drop=yes", "region=eu-WEST drop=yes"],
  ...["account=x drop=yes", "account=x1 drop=yes", "account=1x drop=yes"],
  ...["source=HOST drop=yes", "source=Host drop=yes", "source=hosT drop=yes"],
  "annotate=x",
  "annotate.a-b=x",
  7,
  null,
  [],
  {},
  { event: "ssh" },
  { event: "ssh", drop: false },
  { event: "s h", drop: true },
  { principal: "a b", drop: true },
  { event: "ssh", level: "low", unknown: 1 },
  { annotate: { a: "x\n" } },
  { annotate: { a: "x".repeat(257) } },
  { annotate: Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`n${index}`, "x"])) },
];

for (const written of refused) {
  test(`${JSON.stringify(written).slice(0, 60)} is no rule, said once`, async (t) => {
    const parsed = parseValue(filterRule(), written);
    t.notOk(parsed.ok);
    if (!parsed.ok) t.equal(parsed.wrong.length, 1, JSON.stringify(parsed.wrong));
  });
}

test("several are a list of YAML, or separated by commas", async (t) => {
  const kind = list(filterRule());
  const want = [
    { event: "ssh", level: "low" },
    { drop: true, principal: "robot" },
  ];
  t.strictSame(parseValue(kind, "event=ssh level=low, principal=robot drop=yes"), { ok: true, value: want });
  t.strictSame(parseValue(kind, ["event=ssh level=low", { principal: "robot", drop: true }]), {
    ok: true,
    value: want,
  });
});
