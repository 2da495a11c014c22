import { test } from "tap";
import { type Exemption, findExemption } from "../../lib/act/exemptions.ts";
import { days } from "../../lib/core/time.ts";

const now = Date.UTC(2026, 2, 1, 12);

const anExemption = (exemption: Partial<Exemption>): Exemption => ({
  names: "ada",
  reason: "vendor migration",
  owner: "bob",
  until: now + days(1),
  ...exemption,
});

const cases = [
  { name: "a name", exemption: {}, counts: true },
  { name: "another name", exemption: { names: "bob" }, counts: false },
  { name: "a glob over the second of two names", exemption: { names: "AKIA*" }, counts: true },
  { name: "a part of a name", exemption: { names: "ad" }, counts: false },
  { name: "a name in other letters", exemption: { names: "Ada" }, counts: true },
  { name: "a glob in other letters", exemption: { names: "aKiA*" }, counts: true },
  { name: "a millisecond before its end", exemption: { until: now + 1 }, counts: true },
  { name: "its end", exemption: { until: now }, counts: false },
  { name: "long after its end", exemption: { until: 0 }, counts: false },
  { name: "an end that can't be told", exemption: { until: Number.NaN }, counts: true },
];

for (const { name, exemption, counts } of cases) {
  test(`${name} ${counts ? "exempts" : "does not exempt"}`, async (t) => {
    const one = anExemption(exemption);
    t.equal(findExemption([one], ["ada", "AKIAIOSFODNN7EXAMPLE"], now), counts ? one : undefined);
  });
}

test("the first that counts is the one that is named", async (t) => {
  const [past, first, second] = [anExemption({ until: now }), anExemption({}), anExemption({ names: "*" })];
  t.equal(findExemption([past, first, second], ["ada"], now), first);
});

test("at a time that can't be told every exemption counts", async (t) => {
  const one = anExemption({ until: 0 });
  t.equal(findExemption([one], ["ada"], Number.NaN), one);
});

test("who has no name is not exempt", async (t) =>
  t.equal(findExemption([anExemption({ names: "*" })], [], now), undefined));
