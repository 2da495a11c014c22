/** Globs to ask about, of one union. */
export interface Question {
  readonly what: string;
  readonly union: readonly string[];
  readonly globs: readonly string[];
}

const size = 1000;

/** Unions of a thousand patterns as policies have them, asked about patterns that lie inside them or nearly. */
export function manyPatterns(actions: readonly string[]): readonly Question[] {
  const names = actions.filter((_, index) => index % Math.floor(actions.length / size) === 0).slice(0, size);
  const union = names.map((name, index) => shapes[index % shapes.length]?.(name) ?? name);
  const globs = names.map((name, index) => shapes[(index * 3) % shapes.length]?.(name) ?? name);
  return [
    { what: "as in policies", union, globs },
    { what: "one of them with ?*", union: union.map((glob, index) => (index === 0 ? `${glob}?*` : glob)), globs },
  ];
}

const shapes: readonly ((name: string) => string)[] = [
  (name) => name,
  (name) => name.replace(/(:[A-Z][a-z]+).*/, "$1*"),
  (name) => name.replace(/:.*/, ":*"),
  (name) => name.replace(/:[A-Z][a-z]+/, ":*"),
  (name) => name.replace(/:[A-Z][a-z]+(.*)$/, ":*$1*"),
];

/** What costs most: each `*` of the glob may stand for any number of letters, and the union counts them. */
export const hostileQuestions = (): readonly Question[] =>
  [4, 16, 64].flatMap((length) => [
    { what: `hostile: ?*a ${length} times`, union: counting("a", length), globs: ["*?a".repeat(length)] },
    { what: `hostile: *a?? ${length} times`, union: counting("?", length), globs: ["*a??".repeat(length)] },
    {
      what: `hostile: *?b*a ${length} times`,
      union: [...counting("a", length), "*b?a*"],
      globs: ["*?b*a".repeat(length)],
    },
  ]);

const counting = (letter: string, length: number): readonly string[] =>
  Array.from({ length }, (_, index) => `*${letter}${"?".repeat(index)}a*${"?".repeat(length - index)}`);
