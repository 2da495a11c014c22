import { test } from "tap";
import { days } from "../../lib/core/time.ts";
import { describeScheme } from "../../lib/tagaudit/describe-scheme.ts";
import { makeScheme } from "../../lib/tagaudit/make-scheme.ts";

test("a line for each tag", async (t) => {
  const selector = { regions: ["eu-*", "us-*"], vpcs: ["vpc-1"], launchers: ["alone"] } as const;
  const scheme = makeScheme({
    rules: [
      { tag: "owner", value: { kind: "email" } },
      { tag: "env", required: false, appliesTo: selector, grace: days(3), mayFlipProtection: true },
    ],
  });
  t.equal(
    describeScheme(scheme),
    [
      "2 tags, in any letter case",
      "owner  required  an e-mail address",
      "env    optional  any value; region eu-* or us-*; vpc vpc-1; launcher alone; grace 3d; may take termination protection off",
      "",
    ].join("\n"),
  );
});

test("one tag, spelled exactly", async (t) =>
  t.equal(
    describeScheme(makeScheme({ rules: [{ tag: "Owner" }], keyCase: "exact" })),
    "1 tag, spelled exactly so\nOwner  required  any value\n",
  ));
