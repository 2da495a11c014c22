import * as z from "zod/mini";
import type { Kind } from "../settings/kind.ts";
import { choice, text, toggle } from "../settings/kinds.ts";
import { levels } from "./event.ts";
import { type FilterRule, filterConditions } from "./filters.ts";

const deeds = ["level", "drop", "annotate"] as const;

const expects = `a rule such as "event=ssm_* account=111122223333 level=medium": any of ${filterConditions.join(", ")}, and at least one of ${deeds.join(", ")}`;

const glob = (pattern: RegExp, what: string) => z.exactOptional(text({ pattern, expects: what }).schema);

const note = text({ pattern: /^[^\p{Cc}]{1,256}$/u, expects: "a text of up to 256 characters" }).schema;

const notes = z
  .record(z.string().check(z.regex(/^\w{1,64}$/, { error: "a name of letters, digits and _" })), note, {
    error: "a map of names to texts",
  })
  .check(z.refine((map) => Object.keys(map).length <= 16, { error: "a map of at most 16 names" }));

/** `drop: false` says what is so anyway. */
const dropping = z.pipe(
  toggle().schema,
  z.transform((on): true | undefined => (on ? true : undefined)),
);

const written = z
  .strictObject({
    event: glob(/^[\w.:/&!*?-]+$/, "an event's name or a glob such as ssm_*"),
    source: glob(/^[a-z*?]+$/, "a source or a glob: host, cloudtrail, ssm or guardduty"),
    account: glob(/^[\d*?]+$/, "an account id or a glob of it"),
    region: glob(/^[a-z0-9*?-]+$/, "a region or a glob such as eu-*"),
    principal: glob(/^\S+$/, "a user's name, an ARN, or a glob of it"),
    level: z.exactOptional(choice(levels).schema),
    drop: z.exactOptional(dropping),
    annotate: z.exactOptional(notes),
  })
  .check(z.refine((rule) => deeds.some((deed) => rule[deed] !== undefined), { error: expects }));

const rule = z.pipe(
  written,
  z.transform(({ drop, ...given }): FilterRule => ({ ...given, ...(drop === true && { drop }) })),
);

/** Words of the form name=value; a note is `annotate.NAME=text`. */
const words = /^\s*[a-z]+(\.\w+)?=\S+(\s+[a-z]+(\.\w+)?=\S+)*\s*$/;

function splitWords(line: string): Readonly<Record<string, unknown>> {
  const members: Record<string, unknown> = {};
  const annotate: Record<string, string> = {};
  for (const word of line.trim().split(/\s+/)) {
    const at = word.indexOf("=");
    const [name, value] = [word.slice(0, at), word.slice(at + 1)];
    if (name.startsWith("annotate.")) annotate[name.slice("annotate.".length)] = value;
    else members[name] = value;
  }
  return Object.keys(annotate).length === 0 ? members : { ...members, annotate };
}

/** One rule: a line of words in a flag or variable, in the file also a map. */
export function filterRule(): Kind<FilterRule> {
  const says = { error: expects };
  const line = z.pipe(z.string(says).check(z.regex(words, says)), z.transform(splitWords));
  return {
    ...({ form: "text", placeholder: "RULE", expects } as const),
    schema: z.union([z.pipe(line, rule), rule], says),
  };
}
