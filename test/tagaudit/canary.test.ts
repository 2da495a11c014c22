import { test } from "tap";
import { defaultCanaryTags, isCanary } from "../../lib/tagaudit/canary.ts";
import { aCanary, anInstance } from "../support/tagaudit-records.ts";

const cases = [
  { name: "stopped and tagged so", instance: aCanary(), want: true },
  { name: "about to be stopped", instance: aCanary({ state: "stopping" }), want: true },
  { name: "running", instance: aCanary({ state: "running" }), want: false },
  { name: "terminated", instance: aCanary({ state: "terminated" }), want: false },
  {
    name: "named after its own region",
    instance: aCanary({ region: "us-east-1", tags: { Name: "api-canary-us-east-1" } }),
    want: true,
  },
  { name: "named after another region", instance: aCanary({ region: "us-east-1" }), want: false },
  { name: "of another project", instance: aCanary({ tags: { project: "api canary" } }), want: false },
  { name: "made by nobody", instance: aCanary({ tags: { created_by: "" } }), want: false },
  {
    name: "without a name",
    instance: anInstance({ state: "stopped", tags: { project: "API canary", created_by: "x", department: "y" } }),
    want: false,
  },
  {
    name: "keys in another letter case",
    instance: anInstance({
      state: "stopped",
      tags: { Project: "API canary", created_by: "x", department: "y", Name: "api-canary-eu-west-1" },
    }),
    want: false,
  },
] as const;

for (const { name, instance, want } of cases)
  test(name, async (t) => t.equal(isCanary(instance, defaultCanaryTags), want));

test("known by other tags, where the scheme says so", async (t) => {
  const canary = new Map([["role", "canary-$REGION-*"]]);
  t.ok(isCanary(anInstance({ state: "stopped", tags: { role: "canary-eu-west-1-b" } }), canary));
  t.notOk(isCanary(aCanary(), canary));
});
