import { days, type Millis, seconds } from "../../core/time.ts";
import { AwsError } from "../aws-error.ts";
import type { Call, Operation } from "../operation.ts";
import { takePage } from "../paging.ts";
import { type RequestParameters, readText, requireText } from "../parameters.ts";
import { describeEvent, usernameOf } from "./describe-event.ts";
import type { TrailEvent } from "./event.ts";
import { eventsAbout } from "./events.ts";

/** The newest first, of the last 90 days, 50 a page: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html */
export const lookupEvents: Operation = {
  action: "LookupEvents",
  resource: () => "*",
  answer(call) {
    const { key, value } = readAttribute(call);
    const { from, to } = readRange(call);
    const read = key === undefined ? undefined : eventTexts[key];
    const events = eventsAbout(call, key === "ResourceName" ? value : undefined)
      .filter(({ at }) => at >= from && at <= to)
      .filter((event) => read === undefined || read(event).includes(value));
    const { items, next } = takePage(
      call,
      { items: events.toSorted(newestFirst), orderOf },
      { size: readSize(call), marker: readText(call.parameters, "NextToken"), invalidMarker },
    );
    return { Events: items.map((event) => describeEvent(call, event)), NextToken: next };
  },
};

const eventTexts: Readonly<Record<string, (event: TrailEvent) => readonly string[]>> = {
  EventId: ({ id }) => [id],
  EventName: ({ name }) => [name],
  EventSource: ({ source }) => [source],
  ReadOnly: ({ isReadOnly }) => [String(isReadOnly)],
  ResourceName: ({ resources }) => resources.map(({ name }) => name),
  ResourceType: ({ resources }) => resources.map(({ type }) => type),
  Username: (event) => [usernameOf(event)],
};

interface Attribute {
  readonly key: string | undefined;
  readonly value: string;
}

/** The list of attributes takes one. */
function readAttribute({ parameters }: Call): Attribute {
  const { LookupAttributes: given } = parameters;
  // JSON's list of attributes is a list of records.
  const [first, second] = Array.isArray(given) ? (given as readonly RequestParameters[]) : [];
  if (first === undefined) return { key: undefined, value: "" };
  const key = requireText(first, "AttributeKey");
  if (second !== undefined || eventTexts[key] === undefined)
    throw new AwsError("InvalidLookupAttributesException", 400, "The lookup attributes are not valid.");
  return { key, value: requireText(first, "AttributeValue") };
}

interface Range {
  readonly from: Millis;
  readonly to: Millis;
}

function readRange({ parameters, now }: Call): Range {
  const start = readText(parameters, "StartTime");
  const end = readText(parameters, "EndTime");
  const from = Math.max(now - days(90), start === undefined ? 0 : seconds(Number(start)));
  const to = end === undefined ? now : seconds(Number(end));
  if (start !== undefined && seconds(Number(start)) > to)
    throw new AwsError("InvalidTimeRangeException", 400, "The start time is after the end time.");
  return { from, to };
}

function readSize({ parameters }: Call): number {
  const size = Number(readText(parameters, "MaxResults") ?? 50);
  if (Number.isInteger(size) && size >= 1 && size <= 50) return size;
  throw new AwsError("InvalidMaxResultsException", 400, "The max results value must be between 1 and 50.");
}

const invalidMarker = (): AwsError => new AwsError("InvalidNextTokenException", 400, "The next token is not valid.");

/** Pages go by text, so the newest must have the least. */
const orderOf = ({ at, id }: TrailEvent): string => `${String(Number.MAX_SAFE_INTEGER - at).padStart(16, "0")} ${id}`;

const newestFirst = (a: TrailEvent, b: TrailEvent): number => (orderOf(a) < orderOf(b) ? -1 : 1);
