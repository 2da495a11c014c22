import { noSuchEntity, validationError } from "../aws-error.ts";
import { compareText } from "../directory.ts";
import type { Answer, Call, Operation } from "../operation.ts";
import { readText, requireText } from "../parameters.ts";
import type { Account } from "../state.ts";
import { takeIamPage } from "./pages.ts";
import { onePolicy } from "./resources.ts";

/** What AWS attaches to a user whose key it found in public; the policies exist in every account. */
export const quarantinePolicies: readonly string[] = [
  "AWSCompromisedKeyQuarantine",
  "AWSCompromisedKeyQuarantineV2",
  "AWSCompromisedKeyQuarantineV3",
];

export const managedPolicyArn = (partition: string, name: string): string => `arn:${partition}:iam::aws:policy/${name}`;

export const describePolicies = (arns: readonly string[]): readonly Answer[] =>
  arns.map((arn) => ({ PolicyName: arn.slice(arn.lastIndexOf("/") + 1), PolicyArn: arn }));

export const listEntitiesForPolicy: Operation = {
  action: "ListEntitiesForPolicy",
  resource: onePolicy,
  answer(call) {
    const attached = attachedEntities(call);
    const { items, end } = takeIamPage(call, { items: attached, orderOf: ({ kind, name }) => `${kind} ${name}` });
    const ofKind = (kind: EntityKind) =>
      items.filter((item) => item.kind === kind).map(({ name, id }) => ({ [`${kind}Name`]: name, [`${kind}Id`]: id }));
    return { PolicyGroups: ofKind("Group"), PolicyUsers: ofKind("User"), PolicyRoles: ofKind("Role"), ...end };
  },
};

type EntityKind = "Group" | "Role" | "User";

interface Entity {
  readonly kind: EntityKind;
  readonly name: string;
  readonly id: string;
}

function attachedEntities({ parameters, caller: { account } }: Call): readonly Entity[] {
  const arn = requireText(parameters, "PolicyArn");
  if (arn.length < 20 || !arn.startsWith("arn:")) throw validationError(`Invalid ARN: ${arn}`);
  const attached = entitiesWith(account, arn);
  if (attached.length === 0 && !isQuarantine(account, arn))
    throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
  const kind = readText(parameters, "EntityFilter");
  const wanted = kind === undefined ? attached : attached.filter((entity) => entity.kind === kind);
  return [...wanted].sort((a, b) => compareText(`${a.kind} ${a.name}`, `${b.kind} ${b.name}`));
}

const entitiesWith = (account: Account, arn: string): readonly Entity[] =>
  [
    { kind: "Group" as const, holders: account.groups.list() },
    { kind: "Role" as const, holders: account.roles.list() },
    { kind: "User" as const, holders: account.users.list() },
  ].flatMap(({ kind, holders }) =>
    holders.filter(({ policies }) => policies.includes(arn)).map(({ name, id }) => ({ kind, name, id })),
  );

const isQuarantine = ({ partition }: Account, arn: string): boolean =>
  quarantinePolicies.some((name) => arn === managedPolicyArn(partition, name));
