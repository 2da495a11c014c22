import { test } from "tap";
import { isAccountId, isInstanceId, isRegion, parsePlace } from "../../lib/host-events/place.ts";

const forms = [
  { is: isInstanceId, what: "an instance id", yes: ["i-9bb89e2b", "i-0123456789abcdef0"] },
  { is: isAccountId, what: "an account id", yes: ["123456789012", "000000000000"] },
  {
    is: isRegion,
    what: "a region",
    yes: ["us-east-1", "eu-central-2", "us-gov-west-1", "cn-northwest-1", "us-iso-east-1", "ap-southeast-12"],
  },
];

const never: readonly unknown[] = [
  ...["", " ", "i-", "i-9bb89e2", "i-9bb89e2b0", "i-9BB89E2B", "i-0123456789abcdef", "i-0123456789abcdef01"],
  ...["mi-0123456789abcdef0", "i-0123456789abcdef0\n", " i-9bb89e2b", "i-9bb89e2g"],
  ...["12345678901", "1234567890123", "12345678901x", "１２３４５６７８９０１２", "123456789012\n"],
  ...["us-east", "us-east-1a", "US-EAST-1", "us-east-1/", "../us-east-1", "us--east-1", "us-east-100", "*"],
  ...[123456789012, null, undefined, {}, [], ["i-9bb89e2b"], { toString: () => "i-9bb89e2b" }],
];

for (const { is, what, yes } of forms) {
  test(what, async (t) => {
    for (const value of yes) t.ok(is(value), value);
    for (const value of never) t.notOk(is(value), JSON.stringify(value));
  });
}

test("a place is an account and a region", async (t) => {
  t.strictSame(parsePlace("123456789012", "us-east-1"), {
    ok: true,
    place: { accountId: "123456789012", region: "us-east-1" },
  });
  t.strictSame(parsePlace(12, "us-east-1"), { ok: false, says: "account no text is no account id" });
  t.strictSame(parsePlace("123456789012", "mars\u0007"), { ok: false, says: 'region "mars�" is no region' });
});
