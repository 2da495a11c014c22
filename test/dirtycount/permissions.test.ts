import { test } from "tap";
import { dirtycountActionsOf } from "../../lib/dirtycount/permissions.ts";

const reads = ["ec2:DescribeInstances", "ec2:DescribeRegions"];
const recycling = [
  ...["autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeAutoScalingInstances"],
  ...["autoscaling:DescribeInstanceRefreshes", "autoscaling:DescribeScalingActivities"],
  ...["autoscaling:TerminateInstanceInAutoScalingGroup", "ec2:DescribeInstanceAttribute"],
];

const cases: readonly {
  readonly name: string;
  readonly mode: "observe" | "notify" | "commit";
  readonly retag?: boolean;
  readonly recycle?: boolean;
  readonly want: readonly string[];
}[] = [
  { name: "observe only reads", mode: "observe", recycle: true, want: reads },
  { name: "notify, too", mode: "notify", recycle: true, want: reads },
  { name: "commit tags and clears", mode: "commit", want: ["ec2:CreateTags", "ec2:DeleteTags", ...reads] },
  { name: "without retag it only clears", mode: "commit", retag: false, want: ["ec2:DeleteTags", ...reads] },
  {
    name: "with recycle it recycles",
    mode: "commit",
    recycle: true,
    want: [...recycling, "ec2:CreateTags", "ec2:DeleteTags", ...reads].sort(),
  },
];

for (const { name, mode, retag = true, recycle = false, want } of cases) {
  test(name, async (t) => t.strictSame(dirtycountActionsOf(mode, { retag, recycle }), want));
}
