import { formatInstant } from "../../core/time.ts";
import { deriveId } from "../identifiers.ts";
import type { Answer, Call } from "../operation.ts";
import type { TrailEvent } from "./event.ts";

/** The event itself is a JSON text inside the answer. */
export function describeEvent(call: Call, event: TrailEvent): Answer {
  const identity = identityOf(call, event);
  return {
    EventId: event.id,
    EventName: event.name,
    ReadOnly: String(event.isReadOnly),
    AccessKeyId: identity.accessKeyId,
    EventTime: new Date(event.at),
    EventSource: event.source,
    Username: usernameOf(event),
    Resources: event.resources.map(({ type, name }) => ({ ResourceType: type, ResourceName: name })),
    CloudTrailEvent: JSON.stringify({
      eventVersion: "1.11",
      userIdentity: identity,
      eventTime: formatInstant(event.at),
      eventSource: event.source,
      eventName: event.name,
      awsRegion: call.region,
      sourceIPAddress: "198.51.100.7",
      userAgent: "aws-cli/2",
      requestParameters: null,
      responseElements: responseOf(event),
      eventID: event.id,
      readOnly: event.isReadOnly,
      eventType: "AwsApiCall",
      managementEvent: true,
      recipientAccountId: call.caller.account.id,
      eventCategory: "Management",
    }),
  };
}

/** Of a role, its session's name. */
export const usernameOf = ({ by }: TrailEvent): string => by.slice(by.indexOf("/") + 1);

interface Identity {
  readonly type: "IAMUser" | "AssumedRole";
  readonly accessKeyId: string;
  readonly [member: string]: unknown;
}

function identityOf({ caller: { account } }: Call, { by }: TrailEvent): Identity {
  const { id: accountId, partition } = account;
  if (!by.includes("/"))
    return {
      type: "IAMUser",
      principalId: deriveId("AIDA", `${accountId} ${by}`),
      arn: `arn:${partition}:iam::${accountId}:user/${by}`,
      accountId,
      accessKeyId: deriveId("AKIA", `${accountId} ${by} 0`),
      userName: by,
    };
  const [roleName = ""] = by.split("/");
  const roleId = deriveId("AROA", `${accountId} ${roleName}`);
  return {
    type: "AssumedRole",
    principalId: `${roleId}:${by.slice(roleName.length + 1)}`,
    arn: `arn:${partition}:sts::${accountId}:assumed-role/${by}`,
    accountId,
    accessKeyId: deriveId("ASIA", `${accountId} ${by}`),
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId: roleId,
        arn: `arn:${partition}:iam::${accountId}:role/${roleName}`,
        accountId,
        userName: roleName,
      },
    },
  };
}

function responseOf({ name, resources }: TrailEvent): object | null {
  if (name !== "RunInstances") return null;
  const instances = resources.filter(({ type }) => type === "AWS::EC2::Instance");
  return { instancesSet: { items: instances.map((instance) => ({ instanceId: instance.name })) } };
}
