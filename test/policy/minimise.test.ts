import fc from "fast-check";
import { test } from "tap";
import { catalogue } from "../../lib/policy/catalogue.ts";
import { expand } from "../../lib/policy/expand.ts";
import { foldCase } from "../../lib/policy/glob.ts";
import { minimise } from "../../lib/policy/minimise.ts";
import { isInsidePattern, overlap } from "../../lib/policy/pattern.ts";
import { actionsArb, catalogueOf, matching, patternArb, s3 } from "../support/policies.ts";
import { prefixMethod } from "../support/policy-reference.ts";

const all = expand(["*"], { catalogue: s3 });
const get = ["s3:Get", "s3:GetObject", "s3:GetObjectAcl", "s3:GetObjects"];

interface Row {
  readonly name: string;
  readonly within: readonly string[];
  readonly without?: readonly string[];
  readonly kept: readonly string[];
  readonly want: readonly string[];
  readonly explicit?: readonly string[];
}

const rows: readonly Row[] = [
  { name: "nothing is kept", within: ["s3:*", "new:*"], kept: [], want: [] },
  {
    name: "D26: a pattern of which all is kept stays, and its future with it",
    within: ["S3:*"],
    kept: all,
    want: ["S3:*"],
    explicit: expand(["s3:*"], { catalogue: s3 }),
  },
  { name: "a star alone stays", within: ["*"], kept: all, want: ["*"], explicit: all },
  {
    name: "an unknown pattern stays where it is to",
    within: ["new:*", "s3:New"],
    kept: ["NEW:*"],
    want: ["new:*"],
    explicit: ["new:*"],
  },
  { name: "the shortest beginning", within: ["s3:*"], kept: get, want: ["s3:G*"], explicit: get },
  {
    name: "not shorter than the bounds",
    within: ["s3:Get*"],
    kept: get.slice(1),
    want: ["s3:GetO*"],
    explicit: get.slice(1),
  },
  {
    name: "inside one of the bounds",
    within: ["s3:GetObject?*", "s3:*Acl"],
    kept: ["s3:GetObjectAcl"],
    want: ["s3:*Acl"].slice(1).concat("s3:GetObjectA*"),
    explicit: ["s3:GetObjectAcl"],
  },
  {
    name: "names where the bounds allow no beginning",
    within: ["s3:*Acl"],
    kept: ["s3:GetObjectAcl"],
    want: ["s3:GetObjectAcl"],
  },
  { name: "what lies outside the bounds is not granted", within: ["s3:GetObject"], kept: all, want: ["s3:GetObject"] },
  {
    name: "a name keeps its spelling",
    within: ["s3:getobject", "ec2:*"],
    kept: ["s3:GetObject"],
    want: ["s3:getobject"],
    explicit: ["s3:GetObject"],
  },
  {
    name: "what is made stands where it came from",
    within: ["ec2:Get*", "s3:*", "s3-tables:*"],
    kept: [...get, "s3-tables:GetTable", "ec2:GetImage"],
    want: ["ec2:Get*", "s3:G*", "s3-tables:*"],
    explicit: ["ec2:GetImage", "s3-tables:GetTable", ...get],
  },
  {
    name: "what another pattern has is not written",
    within: ["s3:GetObject", "s3:Get*", "ec2:*"],
    kept: get,
    want: ["s3:Get*"],
    explicit: get,
  },
  {
    name: "a pattern without anything known goes when it is not named",
    within: ["new:*", "s3:Get"],
    kept: get,
    want: ["s3:Get"],
  },
  {
    name: "a name one letter longer than a taken one",
    within: ["s3:GetObject*"],
    kept: ["s3:GetObjects"],
    want: ["s3:GetObjects"],
  },
  {
    name: "all but a NotAction",
    within: ["*"],
    without: ["s3*:*"],
    kept: ["ec2:GetImage", "ec2:RunInstances"],
    want: ["ec2:*"],
    explicit: ["ec2:GetImage", "ec2:RunInstances"],
  },
  {
    name: "nothing that a NotAction names",
    within: ["*"],
    without: ["ec2:*", "s3:*Bucket*", "s3:Put?*"],
    kept: all,
    want: ["s3-tables:*", ...get],
    explicit: ["s3-tables:GetTable", ...get],
  },
];

for (const { name, within, without = [], kept, want, explicit = want } of rows)
  test(name, async (t) => {
    t.strictSame(minimise(kept, { within, without }, { catalogue: s3 }).patterns, want);
    t.strictSame(minimise(kept, { within, without }, { catalogue: s3, patterns: "explicit" }).patterns, explicit);
  });

test("the patterns that lose something tell it, and what is left of them", async (t) => {
  const within = ["s3:Get*", "s3:*Acl", "ec2:*", "s3:PutObject", "s3:List*"];
  const kept = expand(["s3:*"], { catalogue: s3 }).filter(
    (name) => name !== "s3:PutObject" && name !== "s3:PutObjectAcl",
  );
  t.strictSame(minimise(kept, { within }, { catalogue: s3 }), {
    patterns: ["s3:Get*", "s3:List*"],
    narrowed: [
      { pattern: "s3:*Acl", lost: ["s3:PutObjectAcl"], to: ["s3:Get*", "s3:List*"] },
      { pattern: "ec2:*", lost: ["ec2:GetImage", "ec2:RunInstances"], to: [] },
      { pattern: "s3:PutObject", lost: ["s3:PutObject"], to: [] },
    ],
  });
});

test("a list of names gives up all that AWS adds, and says so", async (t) => {
  const { narrowed } = minimise(get, { within: ["s3:Get*"] }, { catalogue: s3, patterns: "explicit" });
  t.strictSame(narrowed, [{ pattern: "s3:Get*", lost: [], to: get }]);
});

interface Asked {
  readonly names: readonly string[];
  readonly within: readonly string[];
  readonly without: readonly string[];
  readonly future: readonly string[];
  readonly keeps: readonly boolean[];
}

const asked: fc.Arbitrary<Asked> = fc.record({
  names: actionsArb(14),
  within: fc.array(patternArb, { minLength: 1, maxLength: 4 }),
  without: fc.array(patternArb, { maxLength: 1 }),
  future: actionsArb(6),
  keeps: fc.array(fc.boolean(), { minLength: 18, maxLength: 18 }),
});

/** Names of actions within the bounds, and patterns of it that match nothing; of both some. */
function keptOf({ names, within, without, keeps }: Asked) {
  const granted = matching(within, names).filter((name) => matching(without, [name]).length === 0);
  const unknown = within.filter((pattern) => matching([pattern], granted).length === 0);
  return {
    kept: granted.filter((_, at) => keeps[at] !== false),
    lost: granted.filter((_, at) => keeps[at] === false),
    unknown: unknown.filter(
      (pattern, at) => keeps[14 + at] !== false && !without.some((taken) => overlap(pattern, taken)),
    ),
  };
}

const holds = (name: string, law: (asked: Asked) => boolean) =>
  test(name, async () => {
    fc.assert(fc.property(asked, law), { numRuns: 250 });
  });

const minimiseAsked = (one: Asked, patterns: "minimal" | "explicit" = "minimal"): readonly string[] => {
  const { kept, unknown } = keptOf(one);
  return minimise([...kept, ...unknown], one, { catalogue: catalogueOf(...one.names), patterns }).patterns;
};

holds("minimise, then expand, is the identity, and what is unknown stays inside what is left", (one) => {
  const { kept, unknown } = keptOf(one);
  return (["minimal", "explicit"] as const).every((form) => {
    const patterns = minimiseAsked(one, form);
    const isUnknownKept = unknown.every((name) => patterns.some((pattern) => isInsidePattern(name, pattern)));
    return matching(patterns, one.names).join() === kept.join() && isUnknownKept;
  });
});

holds("every pattern lies inside one of the bounds, and apart from what is taken out", (one) =>
  (["minimal", "explicit"] as const).every((form) =>
    minimiseAsked(one, form).every(
      (pattern) =>
        one.within.some((grant) => isInsidePattern(pattern, grant)) &&
        !one.without.some((taken) => overlap(pattern, taken)),
    ),
  ),
);

holds("whatever AWS adds, what is left matches it only if the bounds did", (one) => {
  const granted = matching(one.within, one.future).filter((name) => matching(one.without, [name]).length === 0);
  return matching(minimiseAsked(one), one.future).every((name) => granted.includes(name));
});

holds("no more patterns and no more letters than the prefix method", (one) => {
  const { kept, unknown } = keptOf(one);
  const [own, other] = [minimiseAsked(one), prefixMethod({ ...one, kept: [...kept, ...unknown] })];
  return own.length <= other.length && own.join("").length <= other.join("").length;
});

holds("a pattern of which all is kept stays as it is written, unless another one holds it", (one) => {
  const { lost, unknown } = keptOf(one);
  const patterns = minimiseAsked(one);
  return one.within
    .filter((pattern) => !one.without.some((taken) => overlap(pattern, taken)))
    .filter((pattern) =>
      matching([pattern], one.names).length > 0 ? matching([pattern], lost).length === 0 : unknown.includes(pattern),
    )
    .every((pattern) => patterns.includes(pattern) || patterns.some((other) => isInsidePattern(pattern, other)));
});

holds("none of the patterns lies inside another", (one) => {
  const patterns = minimiseAsked(one);
  return patterns.every((pattern, at) =>
    patterns.every((other, index) => at === index || !isInsidePattern(pattern, other)),
  );
});

holds("explicit lists every action that is kept", (one) => {
  const { kept, unknown } = keptOf(one);
  const listed = minimiseAsked(one, "explicit");
  return (
    kept.every((name) => listed.includes(name)) &&
    listed.every((name) => kept.includes(name) || unknown.map(foldCase).includes(foldCase(name)))
  );
});

test("D25: s3:* less one action, each in turn: inside s3:*, exact, and far below the list of names", async (t) => {
  const names = expand(["s3:*"]);
  const wrong = names.filter((taken) => {
    const kept = names.filter((name) => name !== taken);
    const { patterns, narrowed } = minimise(kept, { within: ["s3:*"] });
    const isExact = expand(patterns, { catalogue }).join() === kept.join();
    const isIn = patterns.every((pattern) => isInsidePattern(pattern, "s3:*"));
    return !isExact || !isIn || patterns.join().length > kept.join().length / 5 || narrowed[0]?.lost.join() !== taken;
  });
  t.strictSame(wrong, []);
  t.ok(names.length > 100);
});
