import { foldCase } from "../../lib/policy/glob.ts";
import { isInsidePattern, overlap } from "../../lib/policy/pattern.ts";
import { matching } from "./policies.ts";

export interface Asked {
  readonly kept: readonly string[];
  readonly within: readonly string[];
  readonly without: readonly string[];
  /** All names of the catalogue. */
  readonly names: readonly string[];
}

/**
 * The prefix method, held to the bounds: what is whole stays; for each other action the shortest beginning with `*` that matches
 * nothing taken and lies inside one pattern; the name itself where there is none, or where it is all that such a pattern is for.
 */
export function prefixMethod({ kept, within, without, names }: Asked): readonly string[] {
  const isKept = new Set(kept.map(foldCase));
  const granted = (pattern: string) =>
    matching([pattern], names).filter((name) => matching(without, [name]).length === 0);
  const isFree = (pattern: string) => !without.some((taken) => overlap(taken, pattern));
  const whole = within.filter((pattern) => {
    const actions = granted(pattern);
    const isUnknown = actions.length === 0;
    return (
      isFree(pattern) &&
      (isUnknown ? isKept.has(foldCase(pattern)) : actions.every((name) => isKept.has(foldCase(name))))
    );
  });
  const all = [...new Set(within.flatMap(granted))];
  const taken = all.filter((name) => !isKept.has(foldCase(name)));
  const wanted = all.filter((name) => isKept.has(foldCase(name)) && matching(whole, [name]).length === 0);
  const isAllowed = (pattern: string) =>
    matching([pattern], taken).length === 0 &&
    isFree(pattern) &&
    within.some((grant) => isInsidePattern(pattern, grant));
  const made = wanted.map((name) => {
    const found = beginningsOf(name).find((start) => isAllowed(`${start}*`));
    if (found === undefined) return name;
    return found === name && matching([`${name}*`], wanted).length === 1 ? name : `${found}*`;
  });
  return [...whole, ...new Map(made.map((pattern) => [foldCase(pattern), pattern])).values()];
}

function beginningsOf(name: string): readonly string[] {
  const first = name.indexOf(":") + 1;
  return Array.from({ length: name.length - first + 1 }, (_, more) => name.slice(0, first + more));
}

/** All texts of at most so many letters. */
export function textsOver(letters: readonly string[], longest: number): readonly string[] {
  const all = [[""]];
  while (all.length <= longest) all.push((all.at(-1) ?? []).flatMap((text) => letters.map((letter) => text + letter)));
  return all.flat();
}
