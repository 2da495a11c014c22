import { test } from "tap";
import { minutes } from "../../lib/core/time.ts";
import { defaultCanaryTags } from "../../lib/tagaudit/canary.ts";
import { defaultExemptionTags } from "../../lib/tagaudit/exemption.ts";
import { makeScheme } from "../../lib/tagaudit/make-scheme.ts";
import { aPattern, aRule } from "../support/tagaudit-records.ts";

test("what is left out is the default", async (t) => {
  const scheme = makeScheme({ rules: [{ tag: "owner" }] });
  t.match(scheme, { keyCase: "lower", canary: defaultCanaryTags, exemption: defaultExemptionTags, text: "owner" });
  t.match(scheme.rules, [{ tag: "owner", required: true, mayFlipProtection: false }]);
  for (const member of ["value", "appliesTo", "grace"] as const) t.equal(scheme.rules[0]?.[member], undefined, member);
});

test("what is given stays", async (t) => {
  const canary = new Map([["a", "b"]]);
  const exemption = { until: "u", reason: "r" };
  const rule = { required: false, value: { kind: "date" }, grace: 5, mayFlipProtection: true } as const;
  const scheme = makeScheme({ rules: [{ tag: "Owner", ...rule }], keyCase: "exact", canary, exemption });
  t.match(scheme, { rules: [{ tag: "Owner", ...rule }], keyCase: "exact", canary, exemption });
});

test("documents show the tags that are required, in their order", async (t) => {
  const rules = [{ tag: "Owner" }, { tag: "env", required: false }, { tag: "project" }];
  t.equal(makeScheme({ rules }).text, "Owner,project");
});

const region = (...regions: string[]) => ({ regions, vpcs: undefined, launchers: undefined });

const changes = [
  { name: "its tag", draft: { tag: "owners" } },
  { name: "its letter case", draft: { tag: "Owner" } },
  { name: "being required", draft: { required: false } },
  { name: "its value", draft: { value: { kind: "date" } } },
  { name: "another value", draft: { value: { kind: "email" } } },
  { name: "its values", draft: { value: { kind: "allowed", values: ["a"] } } },
  { name: "more values", draft: { value: { kind: "allowed", values: ["a", "b"] } } },
  { name: "its pattern", draft: { value: { kind: "regex", pattern: aPattern("a") } } },
  { name: "another pattern", draft: { value: { kind: "regex", pattern: aPattern("b") } } },
  { name: "whom it is for", draft: { appliesTo: region("eu-*") } },
  { name: "others it is for", draft: { appliesTo: region("us-*") } },
  { name: "its grace", draft: { grace: minutes(5) } },
  { name: "what it allows to be done", draft: { mayFlipProtection: true } },
] as const;

test("a rule's hash changes with anything of it", async (t) => {
  const hashes = [aRule(), ...changes.map(({ draft }) => aRule(draft))].map(({ hash }) => hash);
  for (const [index, { name }] of changes.entries()) t.equal(hashes.indexOf(hashes[index + 1] ?? ""), index + 1, name);
  const [exact] = makeScheme({ rules: [{ tag: "owner" }], keyCase: "exact" }).rules;
  t.not(exact?.hash, aRule().hash, "how keys are compared");
});

test("a rule's hash is that of its meaning, whatever stands around it", async (t) => {
  const [, second] = makeScheme({ rules: [{ tag: "project" }, { tag: "owner" }] }).rules;
  t.equal(second?.hash, aRule().hash, "another rule");
  const values = (...allowed: string[]) => aRule({ value: { kind: "allowed", values: allowed } }).hash;
  t.equal(values("a", "b"), values("b", "a"), "the order of values");
  t.equal(aRule().hash, "owner#678dcc1f", "from one release to the next");
});
