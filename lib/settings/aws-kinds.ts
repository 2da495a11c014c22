import * as z from "zod/mini";
import type { Kind } from "./kind.ts";
import { lazily, text } from "./kinds.ts";

/** How AWS writes its names, as far as a slip of the pen shows. */
export const accountId = (): Kind<string> =>
  text({ pattern: /^\d{12}$/, expects: "an account id of 12 digits", placeholder: "ACCOUNT" });

export const roleArn = (): Kind<string> =>
  text({
    pattern: /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
    expects: "a role ARN such as arn:aws:iam::123456789012:role/stalewatch",
    placeholder: "ARN",
  });

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
export const roleName = (): Kind<string> =>
  text({
    pattern: /^[\w+=,.@/-]{1,64}$/,
    expects: "a role name, with its path if it has one",
    placeholder: "ROLE",
  });

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html */
export const externalId = (): Kind<string> =>
  text({ pattern: /^[\w+=,.@:/-]{2,1224}$/, expects: "an external id of 2 to 1224 letters, digits or +=,.@:/-_" });

/** https://docs.aws.amazon.com/organizations/latest/APIReference/API_OrganizationalUnit.html */
export const organizationalUnit = (): Kind<string> =>
  text({
    pattern: /^(ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|r-[0-9a-z]{4,32})$/,
    expects: "an organizational unit such as ou-ab12-cdefgh34 or a root such as r-ab12",
    placeholder: "OU",
  });

export const region = (): Kind<string> =>
  text({
    pattern: /^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/,
    expects: "a region such as us-east-1",
    placeholder: "REGION",
  });

/** A tag with this key, and with this value unless any will do. */
export interface TagFilter {
  readonly key: string;
  readonly value: string | undefined;
}

/** `key` or `key=value`; an equals sign in the key itself can't be written. */
export function tagFilter(): Kind<TagFilter> {
  const expects = "a tag, key or key=value";
  const says = { error: expects };
  const split = (raw: string): TagFilter => {
    const at = raw.indexOf("=");
    return at === -1 ? { key: raw, value: undefined } : { key: raw.slice(0, at), value: raw.slice(at + 1) };
  };
  return lazily({ form: "text", placeholder: "KEY=VALUE", expects, readDefault: split }, () =>
    z.pipe(z.string(says).check(z.regex(/^[^=]/, says)), z.transform(split)),
  );
}

export interface TagPair {
  readonly key: string;
  readonly value: string;
}

/** `key=value`. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions */
export function tagPair(): Kind<TagPair> {
  const expects = "a tag key=value, its key of at most 128 characters and not AWS's own, its value of at most 256";
  const says = { error: expects };
  const split = () =>
    z.transform((raw: string): TagPair => {
      const at = raw.indexOf("=");
      return { key: raw.slice(0, at), value: raw.slice(at + 1) };
    });
  return lazily({ form: "text", placeholder: "KEY=VALUE", expects }, () =>
    z.pipe(z.string(says).check(z.regex(/^(?!aws:)[^=]{1,128}=.{0,256}$/i, says)), split()),
  );
}
