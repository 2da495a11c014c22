import { hashText } from "../core/hash.ts";
import type { AccessKey } from "../core/iam.ts";

/** The user and the last five characters of the key's id, made unique by a checksum of the whole id. */
export const subjectOf = (user: string, key: Pick<AccessKey, "id">): string => `${user}/${keyNameOf(key)}`;

const keyNameOf = ({ id }: Pick<AccessKey, "id">): string =>
  `${id.slice(-5)}-${hashText(id).toString(16).padStart(8, "0")}`;

/** Whether any of these subjects is a key, whatever its user is called by now. */
export const haveKey = (subjects: ReadonlySet<string>, key: Pick<AccessKey, "id">): boolean =>
  [...subjects].some((subject) => subject.endsWith(`/${keyNameOf(key)}`));

/** Whether any of these subjects is a key of this user. */
export const haveUser = (subjects: ReadonlySet<string>, user: string): boolean =>
  [...subjects].some((subject) => subject.startsWith(`${user}/`));
