import { allowedBy } from "../../policy/allowed.ts";
import { inOrder } from "../../policy/catalogue.ts";
import { type Expansion, expandPatterns } from "../../policy/expand.ts";
import { foldCase } from "../../policy/glob.ts";
import { type AccessLevel, catalogue, type Policy, type StatementName } from "../../policy/library.ts";

/** One action, or a pattern that nothing known matches, and what grants it. */
export interface Granted {
  readonly action: string;
  /** Undefined where it is not known. */
  readonly level: AccessLevel | undefined;
  readonly statements: readonly StatementName[];
  /** It was asked for beside the policies. */
  readonly isAsked: boolean;
}

/** All that Allow statements and the patterns name, sorted. */
export function findGranted(policies: readonly Policy[], patterns: readonly string[]): readonly Granted[] {
  const found = new Map<string, Found>();
  for (const statement of policies.flatMap((policy) => policy.statements)) {
    const { policy, index, sid } = statement;
    const allowed = allowedBy(statement);
    if (allowed !== undefined) add(found, allowed, { policy, index, sid });
  }
  add(found, expandPatterns(patterns, catalogue), undefined);
  return [...found.values()].sort(inOrder);
}

interface Found extends Granted {
  readonly folded: string;
  readonly statements: StatementName[];
  isAsked: boolean;
}

function add(found: Map<string, Found>, { actions, unknown }: Expansion, statement: StatementName | undefined): void {
  const named = [
    ...[...actions].map(({ folded, name, level }) => ({ folded, action: name, level })),
    ...unknown.map((pattern) => ({ folded: foldCase(pattern), action: pattern, level: undefined })),
  ];
  for (const one of named) {
    const granted = found.get(one.folded) ?? { ...one, statements: [], isAsked: false };
    found.set(one.folded, granted);
    if (statement === undefined) granted.isAsked = true;
    else if (granted.statements.at(-1) !== statement) granted.statements.push(statement);
  }
}
