import { type Level, levels } from "../host-events/event.ts";
import { asRecord, type ForeignRecord, memberOf, quoteForeign } from "../host-events/foreign-json.ts";

/** What a module's `filter` makes of an event. */
export interface ModuleAnswer {
  readonly drop: boolean;
  readonly level: Level | undefined;
  readonly annotate: Readonly<Record<string, string>>;
}

/** Says why in words that follow the module's name. */
export type ParsedAnswer =
  | { readonly ok: true; readonly answer: ModuleAnswer }
  | { readonly ok: false; readonly says: string };

const known: readonly string[] = ["drop", "level", "annotate"];
const mostNotes = 16;
const longestNote = 256;

/** What a `filter` may answer: nothing, or an object with some of `drop`, `level` and `annotate`. */
export function parseAnswer(said: unknown): ParsedAnswer {
  const given = said === undefined ? {} : asRecord(said);
  if (given === undefined) return wrong("its answer is no object");
  const stranger = Object.keys(given).find((name) => !known.includes(name));
  if (stranger !== undefined)
    return wrong(`its answer has ${quoteForeign(stranger)}, which is none of ${known.join(", ")}`);
  const { drop = false, level, annotate = {} } = membersOf(given);
  const meant = levels.find((one) => one === level);
  if (typeof drop !== "boolean") return wrong('its "drop" is not true or false');
  if (level !== undefined && meant === undefined) return wrong(`its "level" is none of ${levels.join(", ")}`);
  const notes = asRecord(annotate);
  return notes !== undefined && areNotes(notes)
    ? { ok: true, answer: { drop, level: meant, annotate: notes } }
    : wrongNotes;
}

const membersOf = (given: ForeignRecord) => ({
  drop: memberOf(given, "drop"),
  level: memberOf(given, "level"),
  annotate: memberOf(given, "annotate"),
});

function areNotes(notes: ForeignRecord): notes is Readonly<Record<string, string>> {
  const entries = Object.entries(notes);
  return (
    entries.length <= mostNotes &&
    entries.every(([name, text]) => /^\w{1,64}$/.test(name) && typeof text === "string" && text.length <= longestNote)
  );
}

const wrong = (says: string): ParsedAnswer => ({ ok: false, says });

const wrongNotes = wrong(
  `its "annotate" is no map of at most ${mostNotes} names to texts of up to ${longestNote} characters`,
);
