import { type CloudTrailClient, type Event, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { type Calling, call } from "../call.ts";
import { cloudTrailReadActions } from "../read-actions.ts";
import { allPages } from "./pages.ts";

/** Its largest page (LookupEvents, CloudTrail API reference). */
const pageSize = 50;

/** CloudTrail answers two look-ups a second, and the launch is the oldest event of an instance. */
const mostPages = 10;

const action = cloudTrailReadActions.findLauncher;

export interface Launcher {
  /** An IAM user's name, or the session name of an assumed role: often an e-mail address. */
  readonly userName: string | undefined;
  readonly arn: string | undefined;
  /** The service of AWS that launched it, in that user's name or its own, such as `autoscaling.amazonaws.com`. */
  readonly invokedBy: string | undefined;
}

/**
 * Who launched an instance. Undefined where CloudTrail does not say: it keeps management events for 90 days, and an
 * instance with more than 500 later ones is not followed further.
 */
export async function findLauncher(
  { client, stop }: Calling<CloudTrailClient>,
  instanceId: string,
): Promise<Launcher | undefined> {
  const pages = allPages(action, async (marker) => {
    const page = await call(action, stop, () =>
      client.send(
        new LookupEventsCommand({
          // Only one attribute is allowed.
          LookupAttributes: [{ AttributeKey: "ResourceName", AttributeValue: instanceId }],
          MaxResults: pageSize,
          NextToken: marker,
        }),
        { abortSignal: stop },
      ),
    );
    return { items: page.Events ?? [], next: page.NextToken || undefined };
  });
  let left = mostPages;
  for await (const page of pages) {
    const launch = page.find(({ EventName }) => EventName === "RunInstances");
    if (launch !== undefined) return launcherOf(launch);
    left -= 1;
    if (left === 0) return undefined;
  }
  return undefined;
}

const launcherOf = ({ Username, CloudTrailEvent = "{}" }: Event): Launcher => {
  const { userIdentity = {} } = readRecord(CloudTrailEvent);
  return { userName: Username, arn: textOf(userIdentity.arn), invokedBy: textOf(userIdentity.invokedBy) };
};

/** The part of an event record that says who (CloudTrail record contents, userIdentity). */
interface EventRecord {
  readonly userIdentity?: { readonly arn?: unknown; readonly invokedBy?: unknown };
}

/** It comes as text inside the answer. */
function readRecord(text: string): EventRecord {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

const textOf = (member: unknown): string | undefined => (typeof member === "string" ? member : undefined);
