import { test } from "tap";
import { groupKinds, groupOf } from "../../lib/tagaudit/groups.ts";
import { anInstance } from "../support/tagaudit-records.ts";

interface Case {
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly operator?: string;
  readonly converting?: boolean;
  readonly want: readonly [string, string] | undefined;
}

const asg = { "aws:autoscaling:groupName": "web" };
const stack = { "aws:cloudformation:stack-name": "shop", "aws:cloudformation:stack-id": "arn:stack" };
const fleet = { "aws:ec2:fleet-id": "fleet-1" };

const cases: readonly Case[] = [
  { name: "launched by a person", tags: { Name: "x", owner: "ada" }, want: undefined },
  {
    name: "from a launch template, which keeps nothing alive",
    tags: { "aws:ec2launchtemplate:id": "lt-1" },
    want: undefined,
  },
  { name: "an Auto Scaling group", tags: asg, want: ["auto_scaling", "web"] },
  { name: "an EC2 Fleet", tags: fleet, want: ["fleet", "fleet-1"] },
  { name: "a Spot fleet", tags: { "aws:ec2spot:fleet-request-id": "sfr-1" }, want: ["spot_fleet", "sfr-1"] },
  { name: "a stack", tags: stack, want: ["cloudformation", "shop"] },
  {
    name: "a stack by its id alone",
    tags: { "aws:cloudformation:stack-id": "arn:stack" },
    want: ["cloudformation", "arn:stack"],
  },
  { name: "an EMR cluster", tags: { "aws:elasticmapreduce:job-flow-id": "j-1", ...fleet }, want: ["emr", "j-1"] },
  {
    name: "a managed node, over its Auto Scaling group",
    tags: { ...asg, ...fleet, "eks:cluster-name": "blue", "eks:nodegroup-name": "spot" },
    want: ["eks", "blue"],
  },
  { name: "a node group without its cluster", tags: { "eks:nodegroup-name": "spot" }, want: ["eks", "spot"] },
  { name: "a node that EKS tags", tags: { "aws:eks:cluster-name": "blue" }, want: ["eks", "blue"] },
  { name: "a node of any cluster", tags: { "kubernetes.io/cluster/green": "owned" }, want: ["eks", "green"] },
  { name: "a node of karpenter", tags: { "karpenter.sh/nodepool": "general", ...fleet }, want: ["eks", "general"] },
  { name: "a tag that only sounds so", tags: { "kubernetes.io": "x", "mykarpenter.sh/pool": "x" }, want: undefined },
  {
    name: "an environment, over all that it is made of",
    tags: { ...asg, ...stack, "elasticbeanstalk:environment-name": "shop-prod" },
    want: ["beanstalk", "shop-prod"],
  },
  { name: "an environment by its id", tags: { "elasticbeanstalk:environment-id": "e-1" }, want: ["beanstalk", "e-1"] },
  {
    name: "a server under migration",
    tags: {
      AWSApplicationMigrationServiceManaged: "mgn.amazonaws.com",
      AWSApplicationMigrationServiceSourceServerID: "s-1",
    },
    want: ["mgn", "s-1"],
  },
  {
    name: "a replication server",
    tags: { AWSApplicationMigrationServiceManaged: "mgn.amazonaws.com" },
    want: ["mgn", "mgn.amazonaws.com"],
  },
  {
    name: "a server of disaster recovery",
    tags: { AWSElasticDisasterRecoveryManaged: "drs.amazonaws.com", AWSElasticDisasterRecoverySourceServerID: "s-2" },
    want: ["mgn", "s-2"],
  },
  {
    name: "operated by a service",
    operator: "workspaces.amazonaws.com",
    tags: asg,
    want: ["operator", "workspaces.amazonaws.com"],
  },
  {
    name: "under conversion, whatever else it is",
    converting: true,
    operator: "x",
    tags: asg,
    want: ["conversion", "i-0123456789abcdef0"],
  },
];

for (const { name, tags = {}, operator, converting = false, want } of cases) {
  test(name, async (t) => {
    const instance = anInstance({ tags, operator });
    const group = converting ? groupOf(instance, new Set([instance.id])) : groupOf(instance);
    t.strictSame(group === undefined ? undefined : [group.kind, group.name], want);
  });
}

test("another instance's conversion is not one's own", async (t) =>
  t.equal(groupOf(anInstance(), new Set(["i-other"])), undefined));

test("every kind is told by something", async (t) => {
  const told = new Set(cases.map(({ want }) => want?.[0]));
  for (const kind of groupKinds) t.ok(told.has(kind), kind);
});
