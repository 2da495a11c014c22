import { autoScalingOperations } from "./autoscaling/operations.ts";
import { cloudTrailOperations } from "./cloudtrail/operations.ts";
import { ec2Operations } from "./ec2/operations.ts";
import { ec2Protocol } from "./ec2-protocol.ts";
import { iamOperations } from "./iam/operations.ts";
import { identitystoreOperations, ssoOperations } from "./identitystore/operations.ts";
import { jsonProtocol, parseJson } from "./json-protocol.ts";
import { kmsOperations } from "./kms/operations.ts";
import type { Call, Operation } from "./operation.ts";
import { organizationsDenial } from "./organizations/access.ts";
import { organizationsOperations } from "./organizations/operations.ts";
import type { RequestParameters } from "./parameters.ts";
import type { Protocol } from "./protocol.ts";
import { parseForm, queryProtocol } from "./query-protocol.ts";
import { secretsManagerOperations } from "./secrets-manager/operations.ts";
import { sqsOperations } from "./sqs/operations.ts";
import { sqsProtocol } from "./sqs-protocol.ts";
import { ssmOperations } from "./ssm/operations.ts";
import { stsOperations } from "./sts/operations.ts";

export interface Service {
  readonly name: string;
  /** What requests address it by: the `Version` of a query, the prefix of `X-Amz-Target`. */
  readonly address: string;
  /** Answers for the region of the signature, if the account has that enabled. */
  readonly isRegional?: true;
  readonly protocol: Protocol;
  readonly parse: (body: string) => RequestParameters;
  readonly operations: readonly Operation[];
  readonly denialMessage: (call: Call, resource: string) => string;
}

const sayNotAllowed = ({ caller, action }: Call, resource: string): string =>
  `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;

export const services: readonly Service[] = [
  {
    name: "ec2",
    address: "2016-11-15",
    isRegional: true,
    protocol: ec2Protocol("http://ec2.amazonaws.com/doc/2016-11-15/"),
    parse: parseForm,
    operations: ec2Operations,
    denialMessage: (call, resource) =>
      `You are not authorized to perform this operation. ${sayNotAllowed(call, resource)}`,
  },
  {
    name: "autoscaling",
    address: "2011-01-01",
    isRegional: true,
    protocol: queryProtocol("https://autoscaling.amazonaws.com/doc/2011-01-01/"),
    parse: parseForm,
    operations: autoScalingOperations,
    denialMessage: sayNotAllowed,
  },
  {
    name: "cloudtrail",
    address: "CloudTrail_20131101",
    isRegional: true,
    protocol: jsonProtocol("1.1", "ThrottlingException"),
    parse: parseJson,
    operations: cloudTrailOperations,
    denialMessage: sayNotAllowed,
  },
  {
    name: "iam",
    address: "2010-05-08",
    protocol: queryProtocol("https://iam.amazonaws.com/doc/2010-05-08/"),
    parse: parseForm,
    operations: iamOperations,
    denialMessage: sayNotAllowed,
  },
  {
    name: "sts",
    address: "2011-06-15",
    protocol: queryProtocol("https://sts.amazonaws.com/doc/2011-06-15/"),
    parse: parseForm,
    operations: stsOperations,
    denialMessage: ({ caller, action }, resource) =>
      `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource}`,
  },
  {
    name: "organizations",
    address: "AWSOrganizationsV20161128",
    protocol: jsonProtocol("1.1", "TooManyRequestsException"),
    parse: parseJson,
    operations: organizationsOperations,
    denialMessage: () => organizationsDenial,
  },
  {
    name: "identitystore",
    address: "AWSIdentityStore",
    isRegional: true,
    protocol: jsonProtocol("1.1", "ThrottlingException"),
    parse: parseJson,
    operations: identitystoreOperations,
    denialMessage: sayNotAllowed,
  },
  {
    name: "sso",
    address: "SWBExternalService",
    isRegional: true,
    protocol: jsonProtocol("1.1", "ThrottlingException"),
    parse: parseJson,
    operations: ssoOperations,
    denialMessage: sayNotAllowed,
  },
  {
    name: "kms",
    address: "TrentService",
    protocol: jsonProtocol("1.1", "ThrottlingException"),
    parse: parseJson,
    operations: kmsOperations,
    denialMessage: sayNotAllowed,
  },
  {
    name: "secretsmanager",
    address: "secretsmanager",
    protocol: jsonProtocol("1.1", "ThrottlingException"),
    parse: parseJson,
    operations: secretsManagerOperations,
    denialMessage: sayNotAllowed,
  },
  {
    name: "sqs",
    address: "AmazonSQS",
    isRegional: true,
    protocol: sqsProtocol,
    parse: parseJson,
    operations: sqsOperations,
    // In small letters, as in no policy: `sqs:receivemessage`.
    denialMessage: (call, resource) => sayNotAllowed({ ...call, action: call.action.toLowerCase() }, resource),
  },
  {
    name: "ssm",
    address: "AmazonSSM",
    protocol: jsonProtocol("1.1", "ThrottlingException"),
    parse: parseJson,
    operations: ssmOperations,
    denialMessage: sayNotAllowed,
  },
];
