import { test } from "tap";
import {
  includedInPatterns,
  isInsidePattern,
  isPattern,
  isService,
  overlap,
  partsOf,
} from "../../lib/policy/pattern.ts";

const written = [
  { text: "*", pattern: true, service: false },
  { text: "s3:GetObject", pattern: true, service: false },
  { text: "vpc-lattice:Associate*-?", pattern: true, service: false },
  { text: "*:Get*", pattern: true, service: false },
  { text: "s3", pattern: false, service: true },
  { text: "vpc-lattice", pattern: false, service: true },
  { text: "**", pattern: false, service: false },
  { text: "s?", pattern: false, service: false },
  { text: "", pattern: false, service: false },
  { text: ":", pattern: false, service: false },
  { text: "s3:", pattern: false, service: false },
  { text: ":Get", pattern: false, service: false },
  { text: "s3:Get:Object", pattern: false, service: false },
  { text: "s3:Get Object", pattern: false, service: false },
  { text: '"s3:GetObject",', pattern: false, service: false },
];

for (const { text, pattern, service } of written)
  test(`as it is written: ${text}`, async (t) => t.strictSame([isPattern(text), isService(text)], [pattern, service]));

test("a pattern has two parts, and what has no colon has no action", async (t) => {
  t.strictSame(["*", "s3:Get*", "s3"].map(partsOf), [
    ["*", "*"],
    ["s3", "Get*"],
    ["s3", ""],
  ]);
});

const pairs = [
  { name: "no wildcard stands for the colon", one: "*:Get*", other: "dax:C*", overlaps: false, inside: false },
  { name: "a star is any service and action", one: "*:*", other: "*", overlaps: true, inside: true },
  { name: "the other way round, too", one: "*", other: "*:*", overlaps: true, inside: true },
  { name: "inside in both parts", one: "s3:GetObject", other: "S*:get*", overlaps: true, inside: true },
  { name: "outside in the service", one: "*:GetObject", other: "s3:Get*", overlaps: true, inside: false },
  { name: "outside in the action", one: "s3:Get*", other: "*:GetObject", overlaps: true, inside: false },
];

for (const { name, one, other, overlaps, inside } of pairs)
  test(name, async (t) => {
    t.strictSame([overlap(one, other), overlap(other, one)], [overlaps, overlaps]);
    t.equal(isInsidePattern(one, other), inside);
  });

test("one pattern that proves it is enough, however many letters another counts", async (t) => {
  t.equal(includedInPatterns([`s3:${"?".repeat(200)}`, "s3:*"])("s3:Get*"), "inside");
});
