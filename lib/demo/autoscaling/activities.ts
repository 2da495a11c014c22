import type { Millis } from "../../core/time.ts";
import type { Answer, Operation } from "../operation.ts";
import type { Activity } from "./group.ts";
import { takeAutoScalingPage } from "./pages.ts";
import { requestedGroup } from "./requested-group.ts";

export const describeScalingActivities: Operation = {
  action: "DescribeScalingActivities",
  resource: () => "*",
  answer(call) {
    const { name, activities } = requestedGroup(call);
    const orderOf = (activity: Activity): string => orderAt(activity, call.now);
    const listing = { items: [...activities].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1)), orderOf };
    const { items, end } = takeAutoScalingPage(call, listing, 100);
    return { Activities: items.map((activity) => describeActivity(activity, name, call.now)), ...end };
  },
};

/** Those in progress first, then the newest: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_ActivitiesType.html */
const orderAt = (activity: Activity, now: Millis): string =>
  `${isOver(activity, now) ? 1 : 0} ${String(Number.MAX_SAFE_INTEGER - activity.startedAt).padStart(16, "0")} ${activity.id}`;

const isOver = ({ endsAt }: Activity, now: Millis): boolean => endsAt <= now;

export function describeActivity(activity: Activity, group: string, now: Millis): Answer {
  const over = isOver(activity, now);
  return {
    ActivityId: activity.id,
    AutoScalingGroupName: group,
    Description: activity.description,
    Cause: activity.cause,
    StartTime: new Date(activity.startedAt),
    EndTime: over ? new Date(activity.endsAt) : undefined,
    StatusCode: over ? "Successful" : "InProgress",
    Progress: over ? 100 : 0,
    Details: "{}",
  };
}
