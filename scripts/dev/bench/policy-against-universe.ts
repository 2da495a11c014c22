import { expand } from "../../../lib/policy/library.ts";
import type { PolicyBench, PolicyPart, Row } from "./policy-part.ts";
import { findUniverse, type Universe, type UniverseResult } from "./policy-python.ts";
import type { MinimiseInput } from "./policy-work.ts";
import { atLeast, atMost, type Target } from "./section.ts";
import { round } from "./statistics.ts";

interface Ours {
  readonly cold_ms: number;
  readonly warm_ms: number;
  readonly patterns: number;
  readonly characters: number;
}

interface Compared {
  readonly row: Row;
  readonly targets: readonly Target[];
}

/** policyuniverse may take more than a minute; what it is run by gives up after five. */
const limitSeconds = 280;

/** A catalogue less the middle action of each service, under `*`: ours beside policyuniverse's on the same lists. */
export function measureAgainstUniverse(bench: PolicyBench): PolicyPart {
  const universe = findUniverse(bench.notes);
  const aws = expand(["*"]);
  const compared = [
    compare(bench, universe, { what: "AWS's", all: aws }),
    ...(universe === undefined
      ? []
      : [compare(bench, universe, { what: "policyuniverse's", all: universe.actions() })]),
  ];
  return {
    tables: [{ title: "policy: minimise a catalogue less one action a service", rows: compared.map(({ row }) => row) }],
    targets: compared.flatMap(({ targets }) => targets),
  };
}

interface Catalogue {
  readonly what: string;
  readonly all: readonly string[];
}

function compare(bench: PolicyBench, universe: Universe | undefined, { what, all }: Catalogue): Compared {
  const kept = withoutMiddle(all);
  const input: MinimiseInput = what === "AWS's" ? { kept } : { kept, actions: all };
  const before = bench.work<Ours>("minimise", input);
  const folded = { kept: kept.map(fold), actions: all.map(fold), limit_s: limitSeconds };
  const theirs = universe?.minimise(bench.writeInput(folded));
  const after = bench.work<Ours>("minimise", input);
  // The slower of ours stands against theirs, whatever the machine did meanwhile.
  const ours = before.cold_ms > after.cold_ms ? before : after;
  const ratio = theirs === undefined ? undefined : round(theirs.ms / ours.cold_ms);
  return {
    row: {
      ...{ catalogue: what, actions: all.length, kept: kept.length, cold_ms: ours.cold_ms, warm_ms: ours.warm_ms },
      ...{ universe_ms: theirs && round(theirs.ms), times_cold: ratio },
      times_warm: theirs && round(theirs.ms / ours.warm_ms),
      ...{ patterns: ours.patterns, universe_patterns: theirs?.ended ? theirs.patterns : undefined },
      ...{ characters: ours.characters, universe_characters: theirs?.ended ? theirs.characters : undefined },
    },
    targets: targetsOf(what, ours, theirs, ratio),
  };
}

function targetsOf(
  what: string,
  ours: Ours,
  theirs: UniverseResult | undefined,
  ratio: number | undefined,
): readonly Target[] {
  if (theirs === undefined || ratio === undefined) return [];
  const speed = theirs.ended
    ? "times faster than policyuniverse, cold"
    : "times faster than policyuniverse, which gave up";
  return [
    atLeast(`${what} actions minimised: ${speed}`, 100, ratio),
    ...(theirs.ended
      ? [
          atMost(`${what} actions minimised: patterns beside policyuniverse's`, theirs.patterns, ours.patterns),
          atMost(`${what} actions minimised: characters beside policyuniverse's`, theirs.characters, ours.characters),
        ]
      : []),
  ];
}

const fold = (name: string): string => name.toLowerCase();

/** Sorted as they come, so that it is always the same one. */
function withoutMiddle(actions: readonly string[]): readonly string[] {
  const services = new Map<string, string[]>();
  for (const action of actions) {
    const service = action.replace(/:.*/, "");
    const group = services.get(service);
    if (group === undefined) services.set(service, [action]);
    else group.push(action);
  }
  return [...services.values()].flatMap((group) => group.filter((_, index) => index !== Math.floor(group.length / 2)));
}
