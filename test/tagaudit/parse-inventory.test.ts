import { test } from "tap";
import { parseInventory } from "../../lib/tagaudit/parse-inventory.ts";
import { at } from "../support/tagaudit-records.ts";

const listed = {
  InstanceId: "i-1",
  InstanceType: "m5.large",
  LaunchTime: "2026-02-01T10:20:30+00:00",
  Placement: { AvailabilityZone: "eu-west-1a", Tenancy: "default" },
  State: { Code: 16, Name: "running" },
  EnaSupport: true,
};

const inventory = (...instances: readonly object[]) => ({ Reservations: [{ Instances: instances, OwnerId: "1" }] });

const bare = {
  id: "i-1",
  region: "eu-west-1",
  zone: "eu-west-1a",
  state: "running",
  type: "m5.large",
  launchedAt: at("2026-02-01T10:20:30Z"),
  tags: new Map(),
  vpcId: undefined,
  lifecycle: undefined,
  spotRequestId: undefined,
  rootDeviceType: "ebs",
  operator: undefined,
  publicAddress: undefined,
};

test("an instance of which nothing more is said", async (t) =>
  t.strictSame(parseInventory(inventory(listed)), { ok: true, instances: [bare] }));

test("an instance of which all is said", async (t) => {
  const whole = {
    ...listed,
    Tags: [
      { Key: "a", Value: "b" },
      { Key: "c", Value: "" },
    ],
    Operator: { Managed: true, Principal: "eks.amazonaws.com" },
    ...{ VpcId: "vpc-1", InstanceLifecycle: "spot", SpotInstanceRequestId: "sir-1", PublicIpAddress: "192.0.2.1" },
    RootDeviceType: "instance-store",
  };
  t.strictSame(parseInventory(inventory(whole)), {
    ok: true,
    instances: [
      {
        ...bare,
        tags: new Map([
          ["a", "b"],
          ["c", ""],
        ]),
        operator: "eks.amazonaws.com",
        ...{ vpcId: "vpc-1", lifecycle: "spot", spotRequestId: "sir-1", publicAddress: "192.0.2.1" },
        rootDeviceType: "instance-store",
      },
    ],
  });
});

test("what is null is absent, and nobody operates one's own", async (t) => {
  const nulls = {
    Tags: null,
    Operator: null,
    VpcId: null,
    InstanceLifecycle: null,
    SpotInstanceRequestId: null,
    PublicIpAddress: null,
    RootDeviceType: null,
  };
  for (const more of [nulls, { Operator: { Managed: false } }, { Operator: { Principal: null } }])
    t.strictSame(parseInventory(inventory({ ...listed, ...more })), { ok: true, instances: [bare] });
});

test("several reservations, and none", async (t) => {
  const several = {
    Reservations: [{ Instances: [listed] }, { Instances: [] }, { Instances: [{ ...listed, InstanceId: "i-2" }] }],
  };
  const parsed = parseInventory(several);
  t.strictSame(parsed.ok && parsed.instances.map(({ id }) => id), ["i-1", "i-2"]);
  t.strictSame(parseInventory({ Reservations: [] }), { ok: true, instances: [] });
});

const zones = [
  { zone: "us-gov-west-1b", want: "us-gov-west-1" },
  { zone: "us-west-2-lax-1a", want: "us-west-2" },
  { zone: "ap-southeast-12c", want: "ap-southeast-12" },
  { zone: "somewhere", want: "somewhere" },
] as const;

for (const { zone, want } of zones) {
  test(`the region of ${zone}`, async (t) => {
    const parsed = parseInventory(inventory({ ...listed, Placement: { AvailabilityZone: zone } }));
    t.match(parsed, { ok: true, instances: [{ region: want, zone }] });
  });
}

const whole = "what aws ec2 describe-instances prints";

const wrong = [
  { name: "nothing", value: undefined, want: [`  no value given, expected ${whole}`] },
  { name: "a list", value: [listed], want: [`  not ${whole}`] },
  {
    name: "another command's output",
    value: { Vpcs: [] },
    want: ["Reservations  no value given, expected a list of reservations"],
  },
  {
    name: "a time that is none",
    value: inventory({ ...listed, LaunchTime: "soon" }),
    want: ['Reservations.0.Instances.0.LaunchTime  "soon" is not a time such as 2026-03-01T12:00:00+00:00'],
  },
  {
    name: "a state that is none",
    value: inventory({ ...listed, State: { Name: "asleep" } }),
    want: [
      'Reservations.0.Instances.0.State.Name  "asleep" is not one of pending, running, shutting-down, terminated, stopping, stopped',
    ],
  },
  {
    name: "all at once",
    value: inventory({ ...listed, InstanceId: undefined }, { ...listed, Tags: [{ Key: "a" }] }),
    want: [
      "Reservations.0.Instances.0.InstanceId  no value given, expected a text",
      "Reservations.0.Instances.1.Tags.0.Value  no value given, expected a text",
    ],
  },
] as const;

for (const { name, value, want } of wrong) {
  test(`refuses ${name}`, async (t) => {
    const parsed = parseInventory(value);
    t.strictSame(parsed.ok ? [] : parsed.wrong.map(({ path, says }) => `${path.map(String).join(".")}  ${says}`), want);
  });
}
