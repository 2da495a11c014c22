import { test } from "tap";
import { boolean, float, integer } from "../../lib/measurements/declare.ts";
import { nameLabel, nameMetric } from "../../lib/sink/prometheus-names.ts";

const metrics = [
  { name: "a plain field", field: "keys", declared: integer("keys"), want: "iam_keys", at: [3, 3] },
  {
    name: "days become seconds",
    field: "expires_in_days",
    declared: integer("left", "days"),
    want: "iam_expires_in_seconds",
    at: [2, 172_800],
  },
  {
    name: "a unit that the name leaves out is added",
    field: "age",
    declared: float("age", "days"),
    want: "iam_age_seconds",
    at: [0.5, 43_200],
  },
  {
    name: "a unit inside the name",
    field: "rotation_days_median",
    declared: float("rotation", "days"),
    want: "iam_rotation_seconds_median",
    at: [1, 86_400],
  },
  {
    name: "milliseconds become seconds",
    field: "duration_ms",
    declared: integer("time", "milliseconds"),
    want: "iam_duration_seconds",
    at: [1234, 1.234],
  },
  {
    name: "seconds in short are written out",
    field: "evidence_age_s",
    declared: integer("age", "seconds"),
    want: "iam_evidence_age_seconds",
    at: [7, 7],
  },
  {
    name: "seconds written out stay",
    field: "wait_seconds",
    declared: integer("wait", "seconds"),
    want: "iam_wait_seconds",
    at: [7, 7],
  },
  {
    name: "a ratio stays one",
    field: "compliance_ratio",
    declared: float("share", "ratio"),
    want: "iam_compliance_ratio",
    at: [0.5, 0.5],
  },
  {
    name: "a ratio without its word gets it",
    field: "compliance",
    declared: float("share", "ratio"),
    want: "iam_compliance_ratio",
    at: [1, 1],
  },
  {
    name: "a word that only looks like a unit stays",
    field: "days_s",
    declared: integer("count"),
    want: "iam_days_s",
    at: [1, 1],
  },
  { name: "a count is no histogram's", field: "count", declared: integer("count"), want: "iam", at: [1, 1] },
  {
    name: "camel case becomes snake case",
    field: "topRoles",
    declared: integer("roles"),
    want: "iam_top_roles",
    at: [1, 1],
  },
  {
    name: "what Prometheus forbids becomes an underscore",
    field: "a.b:c-é",
    declared: boolean("odd"),
    want: "iam_a_b_c__",
    at: [1, 1],
  },
] as const;

for (const { name, field, declared, want, at } of metrics) {
  test(`metric: ${name}`, async (t) => {
    const metric = nameMetric("iam", field, declared);
    t.equal(metric.name, want);
    t.equal(metric.type, "gauge");
    t.equal(metric.toBaseUnit(at[0]), at[1]);
  });
}

test("metric: what never resets is a counter, its unit before the suffix", async (t) => {
  t.match(nameMetric("aws.iam", "calls_total", integer("calls")), { name: "aws_iam_calls_total", type: "counter" });
  t.match(nameMetric("iam", "wait_total", integer("wait", "milliseconds")), { name: "iam_wait_seconds_total" });
});

test("metric: a name can't begin with a digit", async (t) => {
  t.equal(nameMetric("3rd", "keys", integer("keys")).name, "_3rd_keys");
});

test("metric: the help says the unit where it is not the declared one", async (t) => {
  t.equal(nameMetric("iam", "age", float("age of the key", "days")).help, "age of the key (in seconds)");
  t.equal(nameMetric("iam", "wait_s", integer("wait", "seconds")).help, "wait");
});

const labels = [
  { name: "camel case becomes snake case", tag: "accountAlias", want: "account_alias" },
  { name: "a leading digit is kept off", tag: "2nd", want: "_2nd" },
  { name: "two leading underscores are Prometheus' own", tag: "__name__", want: "_name__" },
  { name: "one leading underscore may stay", tag: "_a", want: "_a" },
  { name: "what is forbidden becomes an underscore", tag: "a=b c", want: "a_b_c" },
  { name: "an empty tag is still a label", tag: "", want: "_" },
] as const;

for (const { name, tag, want } of labels) test(`label: ${name}`, async (t) => t.equal(nameLabel(tag), want));
