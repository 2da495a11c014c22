import { test } from "tap";
import { trustsEc2Only } from "../../lib/dirtymark/trust-policy.ts";

const allow = (principal: unknown, changes = {}) => ({
  ...{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" },
  ...changes,
});
const ec2 = { Service: "ec2.amazonaws.com" };
const policy = (...statements: readonly unknown[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const account = { AWS: "arn:aws:iam::111122223333:root" };

const cases = [
  { name: "EC2", policy: policy(allow(ec2)), want: true },
  { name: "EC2 in a list", policy: policy(allow({ Service: ["ec2.amazonaws.com"] })), want: true },
  {
    name: "EC2 of China",
    policy: policy(allow({ Service: ["ec2.amazonaws.com.cn", "ec2.amazonaws.com"] })),
    want: true,
  },
  { name: "one statement, without a list", policy: JSON.stringify({ Statement: allow(ec2) }), want: true },
  { name: "EC2 on a condition", policy: policy(allow(ec2, { Condition: { Bool: { x: "true" } } })), want: true },
  { name: "EC2 twice", policy: policy(allow(ec2), allow(ec2)), want: true },
  {
    name: "EC2, others denied",
    policy: policy(allow(ec2), { Effect: "Deny", Principal: "*", Action: "*" }),
    want: true,
  },
  { name: "everybody", policy: policy(allow("*")), want: false },
  { name: "everybody by account", policy: policy(allow({ AWS: "*" })), want: false },
  { name: "an account", policy: policy(allow(account)), want: false },
  { name: "EC2 and an account in one statement", policy: policy(allow({ ...ec2, ...account })), want: false },
  { name: "EC2 and an account in two statements", policy: policy(allow(ec2), allow(account)), want: false },
  {
    name: "EC2 and an account on a condition",
    policy: policy(allow(ec2), allow(account, { Condition: {} })),
    want: false,
  },
  {
    name: "EC2 and another service",
    policy: policy(allow({ Service: ["ec2.amazonaws.com", "ssm.amazonaws.com"] })),
    want: false,
  },
  { name: "another service", policy: policy(allow({ Service: "ec2.amazonaws.com.evil.example" })), want: false },
  {
    name: "a provider of identities",
    policy: policy(allow({ Federated: "cognito-identity.amazonaws.com" })),
    want: false,
  },
  { name: "no service", policy: policy(allow({ Service: [] })), want: false },
  { name: "a service that is no text", policy: policy(allow({ Service: [7] })), want: false },
  { name: "no principal", policy: policy(allow(undefined)), want: false },
  {
    name: "all but one",
    policy: policy({ Effect: "Allow", NotPrincipal: account, Action: "sts:AssumeRole" }),
    want: false,
  },
  {
    name: "EC2, and all but one denied",
    policy: policy(allow(ec2), { Effect: "Deny", NotPrincipal: ec2, Action: "*" }),
    want: false,
  },
  { name: "nobody", policy: policy({ Effect: "Deny", Principal: "*", Action: "*" }), want: false },
  { name: "a strange effect", policy: policy(allow(ec2), allow(account, { Effect: "allow" })), want: false },
  { name: "EC2 by a strange effect", policy: policy(allow(ec2, { Effect: "allow" })), want: false },
  { name: "no statement", policy: policy(), want: false },
  { name: "no statements at all", policy: "{}", want: false },
  { name: "a statement that is none", policy: policy(allow(ec2), "x"), want: false },
  { name: "no JSON", policy: "%7B%7D", want: false },
  { name: "nothing", policy: undefined, want: false },
];

for (const { name, policy: text, want } of cases) {
  test(`trusts ${want ? "EC2 only" : "not EC2 only"}: ${name}`, async (t) => t.equal(trustsEc2Only(text), want));
}
