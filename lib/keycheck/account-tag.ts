import { failureCodeOf } from "../core/errors.ts";
import type { Scope } from "../core/scope.ts";
import type { KeycheckSettings } from "./settings.ts";

/**
 * The value of the tag `accountAlias`: as the original, the profile where one was given, else the account's alias, else
 * its id. A read that is merely failing throws: a tag that flips to the id for one run would start a second series.
 */
export async function chooseAccountTag(
  scope: Scope,
  wanted: KeycheckSettings["accountTag"],
  findAccountAlias: () => Promise<string | undefined>,
): Promise<string> {
  if (wanted === "id") return scope.accountId;
  if (wanted !== "alias" && scope.profile !== undefined) return scope.profile;
  if (wanted === "profile") return scope.accountId;
  return (await aliasOrDenied(findAccountAlias)) ?? scope.accountId;
}

async function aliasOrDenied(findAccountAlias: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await findAccountAlias();
  } catch (thrown) {
    if (failureCodeOf(thrown) === "denied") return undefined;
    throw thrown;
  }
}
