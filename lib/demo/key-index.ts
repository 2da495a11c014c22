import type { AccessKey, Account, Organization, User } from "./state.ts";

export interface HeldKey {
  readonly account: Account;
  readonly user: User;
  readonly key: AccessKey;
}

export interface KeyIndex {
  find(accessKeyId: string): HeldKey | undefined;
}

/** Finds a key's user at once; tests move keys as they like, so what was indexed is checked and indexed anew if untrue. */
export function createKeyIndex(organization: Organization): KeyIndex {
  let held = indexKeys(organization);
  return {
    find(accessKeyId) {
      const known = held.get(accessKeyId);
      if (known !== undefined && isStillHeld(known)) return known;
      held = indexKeys(organization);
      return held.get(accessKeyId);
    },
  };
}

const isStillHeld = ({ account, user, key }: HeldKey): boolean =>
  account.users.find(user.name) === user && user.keys.includes(key);

function indexKeys({ accounts }: Organization): Map<string, HeldKey> {
  const held = new Map<string, HeldKey>();
  for (const account of accounts)
    for (const user of account.users.list()) for (const key of user.keys) held.set(key.id, { account, user, key });
  return held;
}
