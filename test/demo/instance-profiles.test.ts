import { GetInstanceProfileCommand, ListInstanceProfilesCommand } from "@aws-sdk/client-iam";
import { test } from "tap";
import { days, parseInstant } from "../../lib/core/time.ts";
import {
  anAccount,
  anInstanceProfile,
  anInstanceRole,
  anOrganization,
  aRole,
} from "../../lib/demo/scenario/builders.ts";
import { declaredError, startOffline } from "./offline-clients.ts";

const now = parseInstant("2026-03-01T12:00:00Z") ?? 0;

const account = anAccount({
  roles: [
    anInstanceRole({ name: "web", path: "/hosts/" }),
    aRole({ name: "lax", trusts: ["111122223333", "*"], externalId: "it's (100%)!*" }),
  ],
  instanceProfiles: [
    anInstanceProfile({ name: "web" }),
    anInstanceProfile({ name: "lax", path: "/hosts/" }),
    anInstanceProfile({ name: "bare", roleName: undefined }),
  ],
});

const start = (t: Parameters<typeof startOffline>[0]) =>
  startOffline(t, { scenario: anOrganization({ accounts: [account] }), now: () => now });

const ec2Policy = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
};

test("an instance profile is answered with its role and the role's trust policy, encoded", async (t) => {
  const { iam } = await start(t);
  const { InstanceProfile } = await iam.send(new GetInstanceProfileCommand({ InstanceProfileName: "web" }));
  t.match(InstanceProfile, {
    Path: "/",
    InstanceProfileName: "web",
    InstanceProfileId: /^AIPA[A-Z2-7]{17}$/,
    Arn: "arn:aws:iam::111122223333:instance-profile/web",
    CreateDate: new Date(now - days(400)),
    Roles: [
      {
        Path: "/hosts/",
        RoleName: "web",
        RoleId: /^AROA[A-Z2-7]{17}$/,
        Arn: "arn:aws:iam::111122223333:role/hosts/web",
        AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(ec2Policy)),
      },
    ],
  });
});

test("a listing has the same of all, by path and name", async (t) => {
  const { iam } = await start(t);
  const { InstanceProfiles = [], IsTruncated } = await iam.send(new ListInstanceProfilesCommand({}));
  t.equal(IsTruncated, false);
  t.strictSame(
    InstanceProfiles.map(({ InstanceProfileName: name, Roles = [] }) => [name, Roles.map((role) => role.RoleName)]),
    [
      ["bare", []],
      ["lax", ["lax"]],
      ["web", ["web"]],
    ],
  );
  const [, lax] = InstanceProfiles;
  const encoded = lax?.Roles?.[0]?.AssumeRolePolicyDocument ?? "";
  t.notMatch(encoded, /[^\w.~%-]/, "RFC 3986 leaves only these");
  t.match(JSON.parse(decodeURIComponent(encoded)).Statement, [
    {
      Principal: { AWS: ["111122223333", "*"] },
      Condition: { StringEquals: { "sts:ExternalId": "it's (100%)!*" } },
    },
  ]);
});

test("a path prefix narrows it, and pages follow each other", async (t) => {
  const { iam } = await start(t);
  const hosts = await iam.send(new ListInstanceProfilesCommand({ PathPrefix: "/hosts/" }));
  t.match(hosts.InstanceProfiles, [{ InstanceProfileName: "lax" }]);
  const first = await iam.send(new ListInstanceProfilesCommand({ MaxItems: 2 }));
  t.equal(first.IsTruncated, true);
  const second = await iam.send(new ListInstanceProfilesCommand({ MaxItems: 2, Marker: first.Marker }));
  t.match(second, { IsTruncated: false, InstanceProfiles: [{ InstanceProfileName: "web" }] });
});

test("one that is not there is said to be missing", async (t) => {
  const { iam } = await start(t);
  t.match(await declaredError(iam.send(new GetInstanceProfileCommand({ InstanceProfileName: "nobody" }))), {
    name: "NoSuchEntityException",
    status: 404,
    message: "Instance Profile nobody cannot be found.",
  });
});
