import { test } from "tap";
import { groupByService, serviceOf } from "../../lib/policy/by-service.ts";

const services = [
  { name: "a name", pattern: "S3:GetObject", want: "s3" },
  { name: "wildcards behind the colon", pattern: "s3:*:?", want: "s3" },
  { name: "a wildcard before it", pattern: "s*:GetObject", want: undefined },
  { name: "one letter before it", pattern: "s?:GetObject", want: undefined },
  { name: "a star alone", pattern: "*", want: undefined },
  { name: "no colon", pattern: "s3", want: undefined },
  { name: "nothing before it", pattern: ":Get", want: undefined },
];

for (const { name, pattern, want } of services)
  test(`service: ${name}`, async (t) => {
    t.equal(serviceOf(pattern), want);
  });

test("a service's group has what names it or may match it, in the order given", async (t) => {
  const all = ["ec2:A", "s3:B", "*", "S3:C", "s*:D"].map((pattern) => ({ pattern }));
  const group = groupByService(all);
  const patterns = (service: string | undefined) => group(service).map(({ pattern }) => pattern);
  t.strictSame(patterns("s3"), ["s3:B", "*", "S3:C", "s*:D"]);
  t.strictSame(patterns("new"), ["*", "s*:D"]);
  t.equal(group(undefined), all);
  t.equal(group("s3"), group("s3"));
});
