/** How to reach whoever a subject belongs to, and how that is known. */
export type Owner =
  | { readonly by: "map" | "tag"; readonly slackId: string }
  | { readonly by: "email"; readonly email: string };

/** User names in lower case, for IAM does not tell names apart by case, and whose Slack id goes with each. */
export type OwnerMap = ReadonlyMap<string, string>;

/** https://docs.slack.dev/reference/objects/user-object: W for users of an Enterprise organization. */
export const slackId = /^[UW][A-Z0-9]{2,}$/;
const address = /^[^\s@<>]+@[^\s@<>]+$/;

export interface OwnedSubject {
  readonly user: string;
  readonly tags: ReadonlyMap<string, string>;
  readonly map: OwnerMap;
}

/** The map says it, else the tag `slack`, else the tag `email`; a tag that holds no id or no address is passed over. */
export function findOwner({ user, tags, map }: OwnedSubject): Owner | undefined {
  const mapped = map.get(user.toLowerCase());
  if (mapped !== undefined) return { by: "map", slackId: mapped };
  const id = findTag(tags, "slack");
  if (id !== undefined && slackId.test(id)) return { by: "tag", slackId: id };
  const email = findTag(tags, "email");
  return email !== undefined && address.test(email) ? { by: "email", email } : undefined;
}

function findTag(tags: ReadonlyMap<string, string>, name: string): string | undefined {
  const [, value] = [...tags].find(([key]) => key.toLowerCase() === name) ?? [];
  return value?.trim();
}
