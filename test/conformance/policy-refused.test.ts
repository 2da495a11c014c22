import { IAMClient } from "@aws-sdk/client-iam";
import { test } from "tap";
import { parsePolicy } from "../../lib/policy/library.ts";
import { clientConfig } from "../demo/offline-clients.ts";
import { createRole, refusalOfInline, refusalOfManaged } from "./support/inline-policy.ts";
import { skipWithout } from "./support/peers.ts";
import { startMoto } from "./support/start-moto.ts";

/** What we call malformed, put to moto's validation of inline and of managed policies; it says nothing of other kinds. */
const skip = skipWithout("moto");

interface Row {
  readonly name: string;
  readonly text: string;
  /** Whether we take it. */
  readonly isTaken: boolean;
  /** Where moto sees it the other way, what decides: a page of AWS's, or who has seen AWS do it. */
  readonly disagrees?: string;
}

const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
const textOf = (members: object): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [statement], ...members });

/** A policy whose only statement is changed so; undefined leaves a member out. */
const changed = (members: object): string => textOf({ Statement: [{ ...statement, ...members }] });

const guide = (page: string): string => `https://docs.aws.amazon.com/IAM/latest/UserGuide/${page}.html`;
const grammar = guide("reference_policies_grammar");
const onlyOne = guide("troubleshoot_policies");

const taken: readonly Omit<Row, "isTaken">[] = [
  { name: "a list of statements", text: textOf({}) },
  { name: "one statement", text: textOf({ Statement: statement }) },
  { name: "an Id", text: textOf({ Id: "one" }) },
  { name: "a Sid", text: changed({ Sid: "One" }) },
  { name: "an empty Sid", text: changed({ Sid: "" }) },
  { name: "a Deny", text: changed({ Effect: "Deny" }) },
  { name: "lists", text: changed({ Action: ["s3:Get*", "s3:List?*"], Resource: ["*"] }) },
  { name: "*", text: changed({ Action: "*" }) },
  { name: "an infix pattern", text: changed({ Action: "iam:*AccessKey*" }) },
  { name: "a service and action in another case", text: changed({ Action: "S3:getobject" }) },
  { name: "an unknown service", text: changed({ Action: "new-service:Do" }) },
  { name: "NotAction", text: changed({ Action: undefined, NotAction: "iam:*" }) },
  { name: "NotResource", text: changed({ Resource: undefined, NotResource: "*" }) },
  { name: "a condition", text: changed({ Condition: { StringEquals: { "aws:RequestedRegion": ["eu-west-1"] } } }) },
  { name: "white space around", text: `\r\n ${JSON.stringify(JSON.parse(textOf({})), undefined, 2)}\t\n` },
  { name: "escapes", text: textOf({}).replace("s3:GetObject", "s3:\\u0047etObject") },
  {
    ...{ name: "the older version", text: textOf({ Version: "2008-10-17" }) },
    disagrees: guide("reference_policies_elements_version"),
  },
  {
    // A role's policies never have it, since AWS refuses it; it is read so that other kinds can be.
    ...{
      name: "who may assume a role",
      text: changed({ Resource: undefined, Principal: "*", Action: "sts:AssumeRole" }),
    },
    disagrees: guide("reference_policies_elements_principal"),
  },
  {
    ...{
      name: "a Sid twice, which AWS refuses",
      text: textOf({ Statement: [1, 2].map(() => ({ ...statement, Sid: "One" })) }),
    },
    disagrees: guide("reference_policies_elements_sid"),
  },
  {
    ...{
      name: "an unknown condition operator, which is not ours to judge",
      text: changed({ Condition: { Like: { a: "b" } } }),
    },
    disagrees: guide("reference_policies_elements_condition_operators"),
  },
  {
    ...{ name: "a resource that is no ARN, which is not ours to judge", text: changed({ Resource: "bucket" }) },
    disagrees: guide("reference_policies_elements_resource"),
  },
  { name: "a service of any name, which AWS is said to refuse, too", text: changed({ Action: "*:Get*" }) },
  {
    ...{ name: "a wildcard within a service's name, which AWS refuses", text: changed({ Action: "s*:Get*" }) },
    disagrees: "https://github.com/boogy/iam-policy-validator/pull/172",
  },
];

const refused: readonly Omit<Row, "isTaken">[] = [
  { name: "nothing", text: " " },
  { name: "no JSON", text: "{" },
  { name: "a comma too many", text: textOf({}).replace("}]", "},]") },
  { name: "a comment", text: `${textOf({})} // all` },
  { name: "two documents", text: textOf({}) + textOf({}) },
  { name: "a list", text: `[${textOf({})}]` },
  { name: "a string", text: '"*"' },
  { name: "no Version, which AWS reads by the rules of 2008", text: textOf({ Version: undefined }) },
  { name: "an unknown Version", text: textOf({ Version: "2012-10-18" }) },
  { name: "a Version that is a number", text: textOf({ Version: 2012 }) },
  { name: "an unknown element", text: textOf({ Comment: "" }) },
  { name: "an element in another case", text: textOf({ version: "2012-10-17" }) },
  { name: "no Statement", text: textOf({ Statement: undefined }) },
  { name: "an empty Statement", text: textOf({ Statement: [] }) },
  { name: "a Statement that is a string", text: textOf({ Statement: "Allow" }) },
  { name: "a statement that is a list", text: textOf({ Statement: [[statement]] }) },
  { name: "an unknown element of a statement", text: changed({ Actions: "*" }) },
  { name: "a statement's element in another case", text: changed({ sid: "One" }) },
  { name: "a Sid that is a number", text: changed({ Sid: 1 }) },
  { name: "no Effect", text: changed({ Effect: undefined }) },
  { name: "an unknown Effect", text: changed({ Effect: "Permit" }) },
  { name: "an Effect in lower case", text: changed({ Effect: "allow" }) },
  { name: "an Effect in a list", text: changed({ Effect: ["Allow"] }) },
  { name: "no Action", text: changed({ Action: undefined }) },
  { name: "an empty Action", text: changed({ Action: [] }) },
  { name: "Action and NotAction", text: changed({ NotAction: "iam:*" }) },
  { name: "an Action that is a number", text: changed({ Action: 1 }) },
  { name: "a number among actions", text: changed({ Action: ["s3:GetObject", 1] }) },
  { name: "an action without a service", text: changed({ Action: "GetObject" }) },
  { name: "a pattern without a colon", text: changed({ Action: "s3*" }) },
  { name: "an action with two colons", text: changed({ Action: "s3:Get:Object" }) },
  { name: "an empty string for an action", text: changed({ Action: "" }) },
  { name: "a space before the service", text: changed({ Action: " s3:GetObject" }) },
  { name: "no Resource", text: changed({ Resource: undefined }) },
  { name: "an empty Resource", text: changed({ Resource: [] }) },
  { name: "Resource and NotResource", text: changed({ NotResource: "*" }) },
  { name: "a Resource that is a number", text: changed({ Resource: 1 }) },
  { name: "a Condition that is a string", text: changed({ Condition: "all" }) },
  { name: "an Id that is a number", text: textOf({ Id: 1 }) },
  { name: "an operator without keys", text: changed({ Condition: { Bool: "true" } }) },
  { name: "two stars for one", text: changed({ Action: "**" }) },
  { name: "a sign that no service has", text: changed({ Action: "s/3:Get*" }) },
  { name: "Effect twice", text: textOf({}).replace('"Effect"', '"Effect":"Deny","Effect"'), disagrees: onlyOne },
  { name: "Action twice", text: textOf({}).replace('"Action"', '"Action":"s3:*","Action"'), disagrees: onlyOne },
  {
    name: "Statement twice",
    text: textOf({}).replace('"Statement"', '"Statement":[],"Statement"'),
    disagrees: onlyOne,
  },
  { name: "Conditions beside the statements", text: textOf({ Conditions: {} }), disagrees: grammar },
  { name: "Principal and NotPrincipal", text: changed({ Principal: "*", NotPrincipal: "*" }), disagrees: grammar },
  { name: "a service without an action", text: changed({ Action: "s3:" }), disagrees: grammar },
  { name: "a space in an action", text: changed({ Action: "s3:Get Object" }), disagrees: grammar },
];

const rows: readonly Row[] = [
  ...taken.map((row) => ({ ...row, isTaken: true })),
  ...refused.map((row) => ({ ...row, isTaken: false })),
];

test("moto refuses what we refuse, and takes what we take", { skip }, async (t) => {
  const moto = await startMoto(t);
  const client = new IAMClient(clientConfig(moto.environment()));
  await createRole(client);
  for (const { name, text, isTaken, disagrees } of rows) {
    const theirs = [await refusalOfInline(client, text), await refusalOfManaged(client, text)];
    const want = (disagrees === undefined) === isTaken;
    t.equal(parsePolicy(text).ok, isTaken, `ours: ${name}`);
    for (const refusal of theirs) t.equal(refusal === undefined, want, `moto: ${name}: ${refusal ?? "taken"}`);
  }
});
