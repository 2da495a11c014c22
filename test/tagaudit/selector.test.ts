import { test } from "tap";
import { groupKinds } from "../../lib/tagaudit/groups.ts";
import { isSelected, launchers, type Selector } from "../../lib/tagaudit/selector.ts";
import { anInstance } from "../support/tagaudit-records.ts";

const select = (asked: Partial<Selector>): Selector => ({
  ...{ regions: undefined, vpcs: undefined, launchers: undefined },
  ...asked,
});
const group = { kind: "emr", name: "j-1" } as const;
const nowhere = anInstance({ vpcId: undefined });

const cases = [
  { name: "no selector is for all", selector: undefined, want: true },
  { name: "what asks nothing is for all", selector: select({}), want: true },
  { name: "its region", selector: select({ regions: ["us-*", "eu-west-?"] }), want: true },
  { name: "another region", selector: select({ regions: ["us-*"] }), want: false },
  { name: "its VPC", selector: select({ vpcs: ["vpc-0a1b2c3d"] }), want: true },
  { name: "another VPC", selector: select({ vpcs: ["vpc-1"] }), want: false },
  { name: "no VPC is no VPC of any name", selector: select({ vpcs: ["*"] }), instance: nowhere, want: false },
  { name: "launched alone", selector: select({ launchers: ["alone"] }), want: true },
  { name: "launched alone is by no group", selector: select({ launchers: ["emr"] }), want: false },
  { name: "launched by a group", selector: select({ launchers: ["eks", "emr"] }), group, want: true },
  { name: "launched by a group is not alone", selector: select({ launchers: ["alone"] }), group, want: false },
  { name: "all that is asked", selector: select({ regions: ["eu-*"], vpcs: ["vpc-*"] }), want: true },
  { name: "half of what is asked", selector: select({ regions: ["eu-*"], vpcs: ["vpc-1"] }), want: false },
] as const;

for (const { name, selector, want, ...subject } of cases) {
  test(name, async (t) => {
    const { instance = anInstance(), group: launcher = undefined } = { ...subject } as {
      instance?: typeof nowhere;
      group?: typeof group;
    };
    t.equal(isSelected(instance, launcher, selector), want);
  });
}

test("every kind of group is a launcher", async (t) => t.strictSame(launchers, ["alone", ...groupKinds]));
