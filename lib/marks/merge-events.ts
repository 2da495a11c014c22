import type { Millis } from "../core/time.ts";
import { type Level, levels } from "../host-events/event.ts";
import type { Mark, MarkedEvent, Tally } from "./mark.ts";

const keptMessages = 32;
const keptPersons = 16;
/** A host names its events itself. */
const keptNames = 16;

/**
 * A mark with what one instance's events add to it. An event that it has heard of adds nothing; one that was not to be
 * believed when it first came, and now is, counts as believed. The same events make the same tallies in whatever order
 * and however grouped they come, as long as no more lie between two deliveries of one than are kept.
 */
export function mergeEvents(mark: Mark, events: readonly MarkedEvent[]): Mark {
  const unheard = findUnheard(mark.messages, events);
  if (unheard.length === 0) return mark;
  const verified = addEvents(
    mark.verified,
    unheard.filter(({ isVerified }) => isVerified),
  );
  const unverified = addEvents(
    mark.unverified,
    unheard.filter(({ isVerified }) => !isVerified),
  );
  const annotations = Object.fromEntries([mark, ...unheard].flatMap((one) => Object.entries(one.annotations ?? {})));
  return {
    ...withoutOldEnd(mark, lastOf(unheard)),
    ...(verified && { verified }),
    ...(unverified && { unverified }),
    ...(Object.keys(annotations).length > 0 && { annotations }),
    messages: last([...mark.messages, ...unheard.map(shortName)], keptMessages),
  };
}

/** When the last of them was; an instance may have more than a call takes arguments. */
export const lastOf = (events: readonly MarkedEvent[]): Millis =>
  events.reduce((last, { event }) => Math.max(last, event.at), Number.NEGATIVE_INFINITY);

/** Each once, the more credible one where a batch has it twice; in the order in which they came. */
function findUnheard(messages: readonly string[], events: readonly MarkedEvent[]): readonly MarkedEvent[] {
  const heard = new Set(messages);
  const isNew = (one: MarkedEvent): boolean => {
    const name = shortName(one);
    if (heard.has(name) || heard.has(shortName({ ...one, isVerified: true }))) return false;
    heard.add(name);
    return true;
  };
  const isBelieved = events.map((one) => one.isVerified && isNew(one));
  return events.filter((one, at) => isBelieved[at] === true || (!one.isVerified && isNew(one)));
}

/**
 * Enough to tell a few dozen apart. Whoever is not believed might have used another's id, which must not keep the other
 * from being counted.
 */
const shortName = ({ messageId, isVerified }: Pick<MarkedEvent, "messageId" | "isVerified">): string =>
  `${isVerified ? "" : "?"}${messageId.length <= 16 ? messageId : `${messageId.slice(0, 8)}${messageId.slice(-8)}`}`;

/**
 * What was seen of its end holds against events that are older, and only come late. That it could not be tagged is found
 * out anew.
 */
function withoutOldEnd({ missingSince, endedAt, untaggable: _untaggable, ...standing }: Mark, touchedAt: number): Mark {
  return {
    ...standing,
    ...(missingSince !== undefined && missingSince >= touchedAt && { missingSince }),
    ...(endedAt !== undefined && endedAt >= touchedAt && { endedAt }),
  };
}

const addEvents = (tally: Tally | undefined, events: readonly MarkedEvent[]): Tally | undefined =>
  events.reduce<Tally | undefined>(addEvent, tally);

function addEvent(tally: Tally | undefined, { event, level }: MarkedEvent): Tally {
  const { at, name, source, principal, address } = event;
  const sum = tally ?? { ...emptyTally, firstAt: at, lastAt: at, level };
  return {
    firstAt: Math.min(sum.firstAt, at),
    lastAt: Math.max(sum.lastAt, at),
    count: sum.count + 1,
    level: graver(sum.level, level),
    names: countName(sum.names, name),
    sources: sum.sources.includes(source) ? sum.sources : [...sum.sources, source].sort(),
    principals: last(moveToEnd(sum.principals, principal), keptPersons),
    addresses: last(moveToEnd(sum.addresses, address), keptPersons),
  };
}

const emptyTally: Omit<Tally, "firstAt" | "lastAt" | "level"> = {
  ...{ count: 0, names: {}, sources: [], principals: [], addresses: [] },
};

const graver = (one: Level, other: Level): Level => (levels.indexOf(one) >= levels.indexOf(other) ? one : other);

/** Past the first few, all under one name. */
const otherNames = "other";

function countName(names: Tally["names"], name: string): Tally["names"] {
  const isKnown = Object.hasOwn(names, name) || Object.keys(names).length < keptNames;
  const key = isKnown ? name : otherNames;
  const count = Object.hasOwn(names, key) ? (names[key] ?? 0) : 0;
  return { ...names, [key]: count + 1 };
}

const moveToEnd = (list: readonly string[], text: string | undefined): readonly string[] =>
  text === undefined ? list : [...list.filter((one) => one !== text), text];

const last = <Item>(list: readonly Item[], count: number): readonly Item[] => list.slice(-count);
