import { type AccountEntry, accountList, repeatedAccounts } from "./accounts-file.ts";
import { loadFile, type ReadText } from "./load-file.ts";
import { parseValue } from "./parse-value.ts";
import { placeOf } from "./read-file.ts";

export type LoadedAccounts =
  | { readonly ok: true; readonly accounts: readonly AccountEntry[] }
  | { readonly ok: false; readonly problems: readonly string[] };

interface AccountsRequest {
  readonly path: string;
  /** Where the path came from, as its origin says. */
  readonly where: string;
  readonly readFile: ReadText;
}

/** Reads the file that the setting accounts names. */
export async function loadAccounts({ path, where, readFile }: AccountsRequest): Promise<LoadedAccounts> {
  const file = await loadFile(path, where, readFile);
  if (file.problems.length > 0) return { ok: false, problems: file.problems };
  const parsed = parseValue(accountList, file.value);
  if (!parsed.ok) {
    return { ok: false, problems: parsed.wrong.map((wrong) => `${placeOf(file, wrong.path)}: ${wrong.says}`) };
  }
  const problems = repeatedAccounts(parsed.value).map(
    (index) => `${placeOf(file, [index])}: the same account or name again`,
  );
  return problems.length > 0 ? { ok: false, problems } : { ok: true, accounts: parsed.value };
}
