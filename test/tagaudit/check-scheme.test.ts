import { test } from "tap";
import { days } from "../../lib/core/time.ts";
import { checkScheme } from "../../lib/tagaudit/check-scheme.ts";
import { defaultExemptionTags } from "../../lib/tagaudit/exemption.ts";
import { makeScheme } from "../../lib/tagaudit/make-scheme.ts";
import { aCanary, anInstance, aScheme, now } from "../support/tagaudit-records.ts";

const owner = makeScheme({ rules: [{ tag: "owner" }] });
const described = "1 tag, in any letter case\nowner  required  any value\n";

test("a scheme alone is described", async (t) =>
  t.equal(checkScheme({ scheme: owner, notes: [], instances: undefined, now }), described));

test("what could not be taken over is noted", async (t) =>
  t.equal(
    checkScheme({ scheme: owner, notes: ["one", "two"], instances: undefined, now }),
    `${described}\nnote: one\nnote: two\n`,
  ));

test("against an inventory: who breaks it and how, tags, canaries, and how many", async (t) => {
  const instances = [
    anInstance({ id: "i-1", tags: { ownr: "ada", [defaultExemptionTags.reason]: "x" } }),
    anInstance({ id: "i-2", tags: { owner: "ada" } }),
    anInstance({ id: "i-3", region: "us-east-1", tags: { "aws:autoscaling:groupName": "web" } }),
    anInstance({ id: "i-4", state: "pending" }),
    aCanary({ tags: { owner: "ops" } }),
    aCanary({ region: "ap-south-1", tags: { Name: "api-canary-ap-south-1" } }),
  ];
  t.equal(
    checkScheme({ scheme: owner, notes: [], instances, now }),
    `${described}
eu-west-1  i-1  violating  tag "owner" is missing; "ownr" is near it: rename "ownr" to "owner"
eu-west-1  i-1  violating  exempt without an end: tag "tagaudit_exempt_until" is missing
us-east-1  i-3  grouped    tag "owner" is missing

tag    judged  present  missing  invalid  near miss
owner  3       1        1        0        1

ap-south-1  the canary breaks the scheme: tag "owner" is missing
eu-west-1   the canary satisfies the scheme
us-east-1   no canary

instances judged: 3, in violation: 2, to act on: 1
`,
  );
});

test("a rule's own grace holds", async (t) => {
  const scheme = makeScheme({ rules: [{ tag: "owner", grace: days(11) }] });
  t.match(checkScheme({ scheme, notes: [], instances: [anInstance()], now }), /in violation: 1, to act on: 0\n$/);
});

const fleet = (violating: number, of: number) =>
  Array.from({ length: of }, (_, index) =>
    anInstance({ id: `i-${index}`, tags: index < violating ? {} : { owner: "a" } }),
  );

const plausible = [
  { name: "half of twenty", instances: fleet(10, 20), want: false },
  { name: "more than half of twenty", instances: fleet(11, 20), want: true },
  { name: "all of nineteen", instances: fleet(19, 19), want: false },
  { name: "nothing at all", instances: [], want: false },
] as const;

for (const { name, instances, want } of plausible) {
  test(`a slip that would condemn ${name}`, async (t) => {
    const text = checkScheme({ scheme: owner, notes: [], instances, now });
    t.equal(text.includes("the gate fleet would refuse every action"), want);
  });
}

const people = [
  { kind: "iam-user", want: true },
  { kind: "identity-center-user", want: true },
  { kind: "email", want: false },
] as const;

for (const { kind, want } of people) {
  test(`values of kind ${kind}: ${want ? "who exists is not looked up" : "are judged whole"}`, async (t) => {
    const scheme = aScheme({ rules: [{ tag: "owner", value: { kind } }] });
    const text = checkScheme({
      scheme,
      notes: [],
      instances: [anInstance({ tags: { owner: "ada@example.com" } })],
      now,
    });
    t.equal(text.includes("whether users exist is not looked up here"), want);
    t.match(text, /in violation: 0/);
  });
}
