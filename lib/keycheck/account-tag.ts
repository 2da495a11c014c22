import type { CoverageNotes } from "../core/coverage.ts";
import { failureCodeOf, messageOf } from "../core/errors.ts";
import type { Scope } from "../core/scope.ts";
import type { KeycheckSettings } from "./settings.ts";

interface TagSources {
  readonly wanted: KeycheckSettings["accountTag"];
  readonly findAccountAlias: () => Promise<string | undefined>;
  /** Takes an alias that may not be read. */
  readonly notes: CoverageNotes;
}

/**
 * The value of the tag `accountAlias`: as the original, the profile where one was given, else the account's alias, else
 * its id. A read that is merely failing throws: a tag that flips to the id for one run would start a second series.
 */
export async function chooseAccountTag(
  scope: Pick<Scope, "accountId" | "profile">,
  { wanted, ...alias }: TagSources,
): Promise<string> {
  if (wanted === "id") return scope.accountId;
  if (wanted !== "alias" && scope.profile !== undefined) return scope.profile;
  if (wanted === "profile") return scope.accountId;
  return (await aliasOrDenied(alias)) ?? scope.accountId;
}

async function aliasOrDenied({ findAccountAlias, notes }: Omit<TagSources, "wanted">): Promise<string | undefined> {
  try {
    return await findAccountAlias();
  } catch (thrown) {
    const code = failureCodeOf(thrown);
    if (code !== "denied") throw thrown;
    notes.note({ what: "account alias", code, reason: messageOf(thrown), subjects: false });
    return undefined;
  }
}
