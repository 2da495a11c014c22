import { compileGlob, foldCase, signsOf } from "./glob.ts";

/** `undecided`: the proof would take too long, as it can where somebody writes many `?` between many `*`. */
export type Inclusion = "inside" | "outside" | "undecided";

/**
 * Tells of a glob whether every text that it matches is matched by one of `union`.
 *
 * Not every text need be tried. Take a letter that the union does not name, and write it for each `?` of `glob` and any number
 * of times for each `*`: `glob` matches all of these plain texts. If the union matches each of them, too, it matches whatever
 * `glob` does, for where it takes that letter it does so by a `?` or `*` of its own, which take any other letter as well. If one
 * of them is matched by none of the union, that one lies outside.
 *
 * A union without `?` can tell no two letters from one, and what it matches with a letter it matches without: one plain text
 * decides, with the letter once for each wildcard. Else the number of letters counts, and `glob` is followed sign by sign.
 */
export function includedIn(union: readonly string[]): (glob: string) => Inclusion {
  const members = union.map(compileMember);
  const places = union.some(countsLetters) ? new Places(union) : undefined;
  return (glob) => {
    const asked = ask(glob);
    const matching = members.filter((member) => mayInclude(member, asked));
    if (matching.length === 0) return "outside";
    if (places === undefined || matching.some((member) => isProof(member, asked))) return "inside";
    return follow(glob, places);
  };
}

/** Finds the first glob that alone matches every text that another one does, among hundreds. */
export function findIncluding(union: readonly string[]): (glob: string) => string | undefined {
  const members = union.map(compileMember);
  return (glob) => {
    const asked = ask(glob);
    const includes = (member: Member) =>
      mayInclude(member, asked) && (isProof(member, asked) || follow(glob, new Places([member.glob])) === "inside");
    return members.find(includes)?.glob;
  };
}

interface Member {
  readonly glob: string;
  readonly folded: string;
  readonly matches: (folded: string) => boolean;
  readonly countsLetters: boolean;
}

const compileMember = (glob: string): Member => ({
  ...{ glob, folded: foldCase(glob), matches: compileGlob(glob), countsLetters: countsLetters(glob) },
});

interface Asked {
  readonly folded: string;
  /** With one letter for each wildcard. */
  readonly plain: string;
}

function ask(glob: string): Asked {
  const folded = foldCase(glob);
  return { folded, plain: folded.replace(/[*?]/g, unnamed) };
}

const mayInclude = ({ folded, matches }: Member, asked: Asked): boolean =>
  matches(asked.plain) || folded === asked.folded;

/** Of one that may: whether the plain text decides. */
const isProof = (member: Member, { folded }: Asked): boolean => !member.countsLetters || member.folded === folded;

const countsLetters = (glob: string): boolean => glob.includes("?") || glob.includes(unnamed);

/** For private use, so in the name of no action. */
const unnamed = "\uE000";

/** Goes along `glob` and keeps the places that the union can have come to, for each number of letters its `*` may stand for. */
function follow(glob: string, places: Places): Inclusion {
  let ways: readonly Way[] = [places.start];
  for (const sign of signsOf(glob)) {
    const next = sign === "*" ? ways.flatMap((way) => places.repeat(way)) : ways.map((way) => places.step(way, sign));
    if (next.some((way) => way.length === 0)) return "outside";
    if (next.length > mostWays) return "undecided";
    ways = withoutWider(next);
  }
  return ways.every((way) => places.isEnd(way)) ? "inside" : "outside";
}

/** Patterns of IAM have one or two `?` in a row, and few `*`: they need some ten. */
const mostWays = 100;

/** The places that globs can have come to with one text, in rising order. */
type Way = readonly number[];

/** All globs of a union, one behind the other, each with its end. */
class Places {
  readonly start: Way;
  readonly #signs: readonly string[];

  constructor(union: readonly string[]) {
    const globs = union.map((glob) => [...signsOf(glob), end]);
    let next = 0;
    this.#signs = globs.flat();
    this.start = this.#close(
      globs.map(({ length }) => {
        next += length;
        return next - length;
      }),
    );
  }

  isEnd = (way: Way): boolean => way.some((place) => this.#signs[place] === end);

  /** What is left of a way after one more sign of the glob; its `?` is a letter that the union does not name. */
  step(way: Way, sign: string): Way {
    const next: number[] = [];
    for (const place of way) {
      const own = this.#signs[place];
      if (own === "*") next.push(place);
      else if (own === "?" || (own === sign && sign !== "?")) next.push(place + 1);
    }
    return this.#close(next);
  }

  /** All ways that a `*` of the glob leads to: each letter passes one `?` more, and after the last of them nothing changes. */
  repeat(way: Way): readonly Way[] {
    const ways = [way];
    for (
      let next = this.step(way, "?");
      !isSame(next, ways.at(-1)) && ways.length <= mostWays;
      next = this.step(next, "?")
    )
      ways.push(next);
    return ways;
  }

  /** With what follows a `*`, which may stand for nothing. */
  #close(places: readonly number[]): Way {
    const closed = new Set<number>();
    for (const place of places)
      for (let at = place; !closed.has(at); at += 1) {
        closed.add(at);
        if (this.#signs[at] !== "*") break;
      }
    return [...closed].sort((one, other) => one - other);
  }
}

/** No sign of a glob is empty. */
const end = "";

const isSame = (one: Way, other: Way | undefined): boolean =>
  one.length === other?.length && one.every((place, index) => place === other[index]);

/** What a way leads to, every way with more places leads to as well: only the narrowest can fail. */
function withoutWider(ways: readonly Way[]): readonly Way[] {
  const narrow: (readonly [Way, ReadonlySet<number>])[] = [];
  for (const way of [...ways].sort((one, other) => one.length - other.length)) {
    const places = new Set(way);
    if (!narrow.some(([, fewer]) => isSubset(fewer, places))) narrow.push([way, places]);
  }
  return narrow.map(([way]) => way);
}

const isSubset = (fewer: ReadonlySet<number>, more: ReadonlySet<number>): boolean => {
  for (const place of fewer) if (!more.has(place)) return false;
  return true;
};
