import type { PlainPoint } from "../../support/run-executable.ts";

export const named = (points: readonly PlainPoint[], name: string): readonly PlainPoint[] =>
  points.filter(({ measurement }) => measurement === name);

/** Tags and fields as text, in the order of their names; without name and time, which Telegraf and stores add or change. */
export const comparePoint = ({ tags, fields }: { readonly tags: object; readonly fields: object }): string =>
  JSON.stringify([Object.entries(tags).sort(), Object.entries(fields).sort()]);

/** Points come in no promised order. */
export const comparePoints = (points: readonly PlainPoint[]): readonly string[] => points.map(comparePoint).sort();
