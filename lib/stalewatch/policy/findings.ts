import { allowedBy } from "../../policy/allowed.ts";
import { expandPatterns } from "../../policy/expand.ts";
import { catalogue, type Policy, type Statement, sizeOf } from "../../policy/library.ts";
import { isInsidePattern } from "../../policy/pattern.ts";
import { placesIn } from "../../policy/problem.ts";
import { withoutRepeated } from "../../policy/repeated.ts";
import { nearestTo } from "./nearest.ts";

export interface Findings {
  readonly policy: string;
  readonly statements: number;
  /** How many known actions its Allow statements name. */
  readonly actions: number;
  /** Characters, as IAM counts them. */
  readonly size: number;
  readonly unknown: readonly UnknownPattern[];
  readonly covered: readonly CoveredPattern[];
  /** What IAM refuses: each Sid once, of letters and digits; texts of Latin 1 without control characters. */
  readonly repeated_sids: readonly string[];
  readonly wrong_sids: readonly string[];
  readonly wrong_characters: readonly WrongCharacter[];
}

interface UnknownPattern {
  /** Counted from 0. */
  readonly statement: number;
  readonly pattern: string;
  readonly nearest: string | null;
}

interface CoveredPattern {
  readonly statement: number;
  readonly pattern: string;
  readonly by: string;
}

interface WrongCharacter {
  readonly line: number;
  readonly column: number;
  /** As in `U+2019`. */
  readonly code: string;
}

export function findIn({ name, text, statements }: Policy): Findings {
  const actions = new Set(statements.flatMap((statement) => [...(allowedBy(statement)?.actions ?? [])]));
  const sids = statements.flatMap(({ sid }) => sid ?? []);
  return {
    ...{ policy: name, statements: statements.length, actions: actions.size, size: sizeOf([text]) },
    ...{ unknown: statements.flatMap(findUnknown), covered: statements.flatMap(findCovered) },
    repeated_sids: [...new Set(sids.filter((sid, at) => sids.indexOf(sid) !== at))],
    wrong_sids: [...new Set(sids.filter((sid) => !/^[0-9A-Za-z]*$/.test(sid)))],
    wrong_characters: findWrongCharacters(text),
  };
}

const findUnknown = ({ index, patterns }: Statement): readonly UnknownPattern[] =>
  [...new Set(expandPatterns(patterns, catalogue).unknown)].map((pattern) => ({
    ...{ statement: index, pattern, nearest: nearestTo(pattern) ?? null },
  }));

function findCovered({ index, patterns }: Statement): readonly CoveredPattern[] {
  const left = [...withoutRepeated(patterns)];
  const kept = [...left];
  return patterns.flatMap((pattern) => {
    if (left[0] === pattern) {
      left.shift();
      return [];
    }
    return [{ statement: index, pattern, by: kept.find((other) => isInsidePattern(pattern, other)) ?? pattern }];
  });
}

/** The characters of a policy document that IAM takes stand at https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html. */
function findWrongCharacters(text: string): readonly WrongCharacter[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const wrong = [...text.matchAll(/[^\u0009\u000a\u000d\u0020-\u00ff]/gu)];
  const placeOf = placesIn(text);
  return wrong.slice(0, mostCharacters).map(({ 0: sign, index }) => {
    const code = (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return { ...placeOf(index), code: `U+${code}` };
  });
}

/** One is enough to refuse it, and a text in another script has thousands. */
const mostCharacters = 20;

export const isRefused = ({ repeated_sids, wrong_sids, wrong_characters }: Findings): boolean =>
  repeated_sids.length + wrong_sids.length + wrong_characters.length > 0;
