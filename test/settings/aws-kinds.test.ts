import { test } from "tap";
import {
  accountId,
  externalId,
  organizationalUnit,
  region,
  roleArn,
  roleName,
  tagFilter,
} from "../../lib/settings/aws-kinds.ts";
import type { Kind } from "../../lib/settings/kind.ts";
import { parseValue } from "../../lib/settings/parse-value.ts";

interface Case {
  readonly kind: () => Kind<unknown>;
  readonly right: readonly string[];
  readonly wrong: readonly string[];
}

const cases: readonly Case[] = [
  {
    kind: accountId,
    right: ["123456789012", "000000000001"],
    wrong: ["12345678901", "1234567890123", "12345678901a", "1234-5678-9012"],
  },
  {
    kind: roleArn,
    right: [
      "arn:aws:iam::123456789012:role/stalewatch",
      "arn:aws-cn:iam::123456789012:role/a/path/x+=,.@-_",
      "arn:aws-us-gov:iam::123456789012:role/x",
    ],
    wrong: [
      "arn:aws:iam::12345678901:role/x",
      "arn:aws:iam::123456789012:user/x",
      "arn:aws:iam::123456789012:role/",
      "arn:aws:sts::123456789012:role/x",
      "arn:gcp:iam::123456789012:role/x",
      "stalewatch",
    ],
  },
  {
    kind: roleName,
    right: ["stalewatch", "ops/stale_watch+=,.@-", "x".repeat(64)],
    wrong: ["", "a b", "x".repeat(65)],
  },
  { kind: externalId, right: ["ab", "x".repeat(1224), "a=+,.@:/-_"], wrong: ["a", "x".repeat(1225), "a b"] },
  {
    kind: organizationalUnit,
    right: ["ou-ab12-cdefgh34", "r-ab12", `ou-${"a".repeat(32)}-${"b".repeat(32)}`, `r-${"a".repeat(32)}`],
    wrong: ["ou-ab1-cdefgh34", "ou-ab12-cdefgh3", "r-ab1", `r-${"a".repeat(33)}`, "OU-ab12-cdefgh34", "Sandbox"],
  },
  {
    kind: region,
    right: ["us-east-1", "us-gov-west-1", "cn-northwest-1", "ap-southeast-10"],
    wrong: ["us-east", "us-east-1a", "US-EAST-1", "useast1", "us-east-100"],
  },
  { kind: tagFilter, right: [], wrong: ["", "=x"] },
];

for (const { kind: makeKind, right, wrong } of cases) {
  const { name } = makeKind;
  const kind = makeKind();
  for (const text of right)
    test(`${name} takes ${text.slice(0, 50)}`, async (t) =>
      t.strictSame(parseValue(kind, text), { ok: true, value: text }));
  for (const text of wrong) {
    test(`${name} refuses ${JSON.stringify(text.slice(0, 50))}`, async (t) =>
      t.match(parseValue(kind, text), { ok: false, wrong: [{ path: [], says: `is not ${kind.expects}` }] }));
  }
}

const tags = [
  { text: "team", want: { key: "team", value: undefined } },
  { text: "team=", want: { key: "team", value: "" } },
  { text: "team=ops", want: { key: "team", value: "ops" } },
  { text: "team=a=b", want: { key: "team", value: "a=b" } },
  { text: "aws:tag/name with space=a\nb", want: { key: "aws:tag/name with space", value: "a\nb" } },
] as const;

for (const { text, want } of tags)
  test(`tag ${JSON.stringify(text)}`, async (t) =>
    t.strictSame(parseValue(tagFilter(), text), { ok: true, value: want }));
