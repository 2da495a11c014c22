import { test } from "tap";
import { hours } from "../../lib/core/time.ts";
import { dirty, dirtyFleet, reportRegion } from "../../lib/dirtycount/report.ts";
import { countLevels, type RegionSummary } from "../../lib/dirtycount/tally.ts";
import { encodePoint } from "../../lib/line-protocol/encode.ts";
import { aMark, aTally, now } from "../support/marks.ts";

function aSummary(said: Partial<RegionSummary> = {}): RegionSummary {
  const levels = countLevels();
  levels.add(aTally({ level: "critical", firstAt: now - hours(2), count: 3 }));
  levels.add(aTally({ level: "high", firstAt: now + hours(2) }));
  return {
    ...{ instances: 8, dirty: 2, unverified: 1, tagOnly: 4, untagged: [aMark()], ended: [], back: [] },
    ...{ byLevel: levels.counts(), ...said },
  };
}

const place = { accountId: "123456789012", region: "eu-west-1", now };
const linesOf = (summary: RegionSummary, known: { readonly isWholeFleet: boolean; readonly areMarksKnown: boolean }) =>
  reportRegion(summary, { ...place, ...known }).map((point) => encodePoint(point).line);

const tags = "account=123456789012,";
const levelLines = [
  `dirty,${tags}level=low,region=eu-west-1 instances=0i,oldest_s=0i,events=0i`,
  `dirty,${tags}level=medium,region=eu-west-1 instances=0i,oldest_s=0i,events=0i`,
  // A host's clock is ahead of ours.
  `dirty,${tags}level=high,region=eu-west-1 instances=1i,oldest_s=0i,events=1i`,
  `dirty,${tags}level=critical,region=eu-west-1 instances=1i,oldest_s=7200i,events=3i`,
];
const fleet = `dirty_fleet,${tags}region=eu-west-1 `;

const cases: readonly {
  readonly name: string;
  readonly isWholeFleet: boolean;
  readonly areMarksKnown: boolean;
  readonly summary?: RegionSummary;
  readonly want: readonly string[];
}[] = [
  {
    ...{ name: "all is known", isWholeFleet: true, areMarksKnown: true },
    want: [...levelLines, `${fleet}instances=8i,dirty=2i,unverified=1i,ratio=0.25,tag_only=4i,record_only=1i`],
  },
  {
    ...{ name: "no instance at all", isWholeFleet: true, areMarksKnown: true },
    summary: aSummary({ instances: 0, dirty: 0 }),
    want: [...levelLines, `${fleet}instances=0i,dirty=0i,unverified=1i,ratio=0,tag_only=4i,record_only=1i`],
  },
  {
    ...{ name: "the fleet was not read", isWholeFleet: false, areMarksKnown: true },
    want: [...levelLines, `${fleet}dirty=2i,unverified=1i,tag_only=4i,record_only=1i`],
  },
  { name: "marks are not known", isWholeFleet: true, areMarksKnown: false, want: [`${fleet}instances=8i`] },
  { name: "neither", isWholeFleet: false, areMarksKnown: false, want: [] },
];

for (const { name, isWholeFleet, areMarksKnown, summary = aSummary(), want } of cases) {
  test(`points where ${name}`, async (t) => t.strictSame(linesOf(summary, { isWholeFleet, areMarksKnown }), want));
}

test("names and types are as released", async (t) => {
  const kindsOf = (fields: Readonly<Record<string, { readonly kind: string }>>) =>
    Object.entries(fields).map(([name, { kind }]) => `${name} ${kind}`);
  t.strictSame(kindsOf(dirty.fields), ["instances integer", "oldest_s integer", "events integer"]);
  t.strictSame(kindsOf(dirtyFleet.fields), [
    ...["instances integer", "dirty integer", "unverified integer", "ratio float", "tag_only integer"],
    "record_only integer",
  ]);
  t.strictSame(
    [dirty, dirtyFleet].map((one) => [one.name, Object.keys(one.tags)]),
    [
      ["dirty", ["account", "region", "level"]],
      ["dirty_fleet", ["account", "region"]],
    ],
  );
});
