import type { Conditions, Grant, Trust } from "../aws/policy-document.ts";
import { ec2WriteActions } from "../aws/write-actions.ts";
import { markRoleActions } from "../dirtymark/permissions.ts";
import type { DirtymarkSettings } from "../dirtymark/settings.ts";
import { placeQueue } from "../queue/queue-place.ts";
import { queueActions } from "../queue/sqs-actions.ts";
import { arnOf, type Place } from "./policy-grants.ts";

export type MarkSettings = Pick<DirtymarkSettings, "queue" | "senders" | "tag" | "markRole" | "knownAccounts">;

/** The queue and its dead-letter queue, as far as settings and options say where they are. */
export interface QueueArns {
  readonly partition: string;
  readonly queue: string;
  /** By the name that the CloudFormation template gives it. */
  readonly deadLetters: string;
}

export function queueArnsOf({ queue }: Pick<MarkSettings, "queue">, home: Place): QueueArns {
  const { name, url, region = home.region } = placeQueue(queue);
  const account = url === undefined ? home.account : new URL(url).pathname.split("/").at(-2);
  const arn = (path: string) => arnOf({ service: "sqs", region, account, path });
  const [, partition = "aws"] = arn(name).split(":");
  return { partition, queue: arn(name), deadLetters: arn(name.replace(/(\.fifo)?$/, "-dead$1")) };
}

/** The role of each account that may be marked; of none that is named: of any. */
export const markRolesOf = ({ markRole, knownAccounts }: MarkSettings, partition: string): readonly string[] =>
  anyOr(knownAccounts).map((account) => `arn:${partition}:iam::${account}:role/${markRole}`);

const anyOr = (accounts: readonly string[]): readonly string[] => (accounts.length > 0 ? accounts : ["*"]);

/**
 * What each account's role may do: tag its instances with the one key, and read. `ForAllValues` alone also holds where a
 * request has no tag keys at all, so these must be there (IAM User Guide, "Multivalued context keys").
 */
export function grantMarkRole(settings: MarkSettings, partition: string): readonly Grant[] {
  const { tag, knownAccounts } = settings;
  const reads = markRoleActions(settings).filter((action) => action !== ec2WriteActions.createTags);
  const evidence: Grant = { sid: "Evidence", actions: reads, resources: "*" };
  if (tag === undefined) return [evidence];
  return [
    {
      ...{ sid: "Mark", actions: [ec2WriteActions.createTags] },
      resources: anyOr(knownAccounts).map((account) => `arn:${partition}:ec2:*:${account}:instance/*`),
      conditions: { "ForAllValues:StringEquals": { [tagKeys]: [tag.key] }, Null: { [tagKeys]: "false" } },
    },
    evidence,
  ];
}

const tagKeys = "aws:TagKeys";

/** Who may assume each account's role. */
export const trustConsumer = (principals: readonly string[], externalId: string | undefined): readonly Trust[] => [
  {
    ...{ sid: "Consumer", actions: ["sts:AssumeRole"], principals },
    ...(externalId !== undefined && { conditions: { StringEquals: { "sts:ExternalId": externalId } } }),
  },
];

interface Others {
  readonly arns: QueueArns;
  /** ARNs of who may change the tag beside the mark role. */
  readonly except: readonly string[];
}

/**
 * The managed policy of everybody else: hosts may report, and nobody may put the tag, take it off, or take off all tags,
 * which DeleteTags does where it is given none (DeleteTags, EC2 API reference).
 */
export function grantOthers(settings: MarkSettings, { arns, except }: Others): readonly Grant[] {
  const { queue, senders, tag } = settings;
  const { createTags, deleteTags } = ec2WriteActions;
  const markers = { ArnNotLike: { "aws:PrincipalArn": [...markRolesOf(settings, arns.partition), ...except] } };
  const deny = (sid: string, actions: readonly string[], conditions: Conditions): Grant => ({
    ...{ sid, effect: "Deny", actions, resources: "*", conditions: { ...conditions, ...markers } },
  });
  // Who is given a name asks for its URL first.
  const sending = [
    queueActions.bury.send,
    ...(placeQueue(queue).url === undefined ? [queueActions.observe.findUrl] : []),
  ];
  const report: Grant = { sid: "Report", actions: sending.sort(), resources: [arns.queue] };
  return [
    ...(senders === "hosts" ? [report] : []),
    ...(tag === undefined
      ? []
      : [
          deny("KeepMark", [createTags, deleteTags], { "ForAnyValue:StringEquals": { [tagKeys]: [tag.key] } }),
          deny("KeepAllTags", [deleteTags], { Null: { [tagKeys]: "true" } }),
        ]),
  ];
}
