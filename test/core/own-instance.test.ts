import { test } from "tap";
import { ownInstance } from "../../lib/core/own-instance.ts";

const cases = [
  {
    name: "credentials of an instance profile are of the instance",
    arn: "arn:aws:sts::123456789012:assumed-role/telegraf/i-0123456789abcdef0",
    want: "i-0123456789abcdef0",
  },
  {
    name: "in any partition, and by a short id",
    arn: "arn:aws-cn:sts::123456789012:assumed-role/a/i-12345678",
    want: "i-12345678",
  },
  { name: "a role that was assumed otherwise", arn: "arn:aws:sts::123456789012:assumed-role/telegraf/ada" },
  { name: "a session that only looks so", arn: "arn:aws:sts::123456789012:assumed-role/a/i-0123456789abcdef0x" },
  { name: "a user of such a name", arn: "arn:aws:iam::123456789012:user/i-0123456789abcdef0" },
  { name: "nothing", arn: "" },
] as const;

for (const { name, arn, ...rest } of cases) {
  test(name, async (t) => t.equal(ownInstance(arn), "want" in rest ? rest.want : undefined));
}
