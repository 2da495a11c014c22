import type { FieldValue, Point } from "../core/point.ts";
import { fitsKind } from "../measurements/fits-kind.ts";
import type { EncodeLine } from "./line-chunks.ts";

/** One point as one JSON object, `time` in epoch milliseconds: any text is kept as it is, for JSON can say it. */
export const encodeJsonLine: EncodeLine = ({ measurement, tags, fields, time }) => {
  const kept: [string, FieldValue][] = [];
  let droppedFields = 0;
  for (const [name, { kind }] of Object.entries(measurement.fields)) {
    const value = fields[name];
    if (value === undefined) continue;
    if (fitsKind(kind, value)) kept.push([name, value]);
    else droppedFields += 1;
  }
  if (kept.length === 0 || !(time === undefined || Number.isSafeInteger(time)))
    return { line: undefined, droppedFields };
  const body = {
    measurement: measurement.name,
    tags: declaredTags(measurement, tags),
    fields: Object.fromEntries(kept),
    time,
  };
  return { line: JSON.stringify(body), droppedFields };
};

const declaredTags = (measurement: Point["measurement"], tags: Point["tags"]) =>
  Object.fromEntries(Object.keys(measurement.tags).flatMap((name) => (tags[name] ? [[name, tags[name]]] : [])));
