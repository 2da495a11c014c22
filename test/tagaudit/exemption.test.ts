import { test } from "tap";
import { defaultExemptionTags, readExemption } from "../../lib/tagaudit/exemption.ts";
import { at, now } from "../support/tagaudit-records.ts";

const { until, reason } = defaultExemptionTags;

const cases = [
  { name: "no tags, no exemption, no problem", tags: {}, problem: undefined },
  {
    name: "an end to come and a reason",
    tags: { [until]: "2026-03-02", [reason]: "vendor's image" },
    want: { until: at("2026-03-02"), reason: "vendor's image" },
  },
  {
    name: "a millisecond before its end",
    tags: { [until]: "2026-03-01T12:00:00.001Z", [reason]: "x" },
    want: { until: now + 1, reason: "x" },
  },
  {
    name: "at its end it is over",
    tags: { [until]: "2026-03-01T12:00:00Z", [reason]: "x" },
    problem: "no longer exempt: ended 2026-03-01T12:00:00Z",
  },
  {
    name: "a bare date is its midnight",
    tags: { [until]: "2026-03-01", [reason]: "x" },
    problem: "no longer exempt: ended 2026-03-01T00:00:00Z",
  },
  {
    name: "keys in another letter case",
    tags: { [until.toUpperCase()]: " 2026-03-02 ", [reason]: "x" },
    want: { until: at("2026-03-02"), reason: "x" },
  },
  { name: "no end", tags: { [reason]: "x" }, problem: `exempt without an end: tag "${until}" is missing` },
  {
    name: "an end that is none",
    tags: { [until]: "never", [reason]: "x" },
    problem: `exempt without an end: tag "${until}" is "never", not a date`,
  },
  {
    name: "an empty end",
    tags: { [until]: "", [reason]: "x" },
    problem: `exempt without an end: tag "${until}" is "", not a date`,
  },
  {
    name: "no reason",
    tags: { [until]: "2026-03-02" },
    problem: `exempt without a reason: tag "${reason}" is missing or blank`,
  },
  {
    name: "a blank reason",
    tags: { [until]: "2026-03-02", [reason]: " " },
    problem: `exempt without a reason: tag "${reason}" is missing or blank`,
  },
] as const;

for (const { name, tags, ...rest } of cases) {
  test(name, async (t) => {
    const { want, problem }: { want?: unknown; problem?: string | undefined } = rest;
    const scheme = { exemption: defaultExemptionTags, keyCase: "lower" } as const;
    t.strictSame(readExemption(new Map(Object.entries(tags)), scheme, now), { exempt: want, problem });
  });
}

test("keys spelled exactly, where the scheme says so", async (t) => {
  const tags = new Map([
    ["Until", "2026-03-02"],
    ["why", "x"],
  ]);
  const exemption = { until: "until", reason: "why" };
  t.equal(
    readExemption(tags, { exemption, keyCase: "exact" }, now).problem,
    'exempt without an end: tag "until" is missing',
  );
});
