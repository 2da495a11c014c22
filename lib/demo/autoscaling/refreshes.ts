import type { Operation } from "../operation.ts";
import { takeAutoScalingPage } from "./pages.ts";
import { requestedGroup } from "./requested-group.ts";

export const describeInstanceRefreshes: Operation = {
  action: "DescribeInstanceRefreshes",
  resource: () => "*",
  answer(call) {
    const { name, refreshes } = requestedGroup(call);
    const listing = {
      items: [...refreshes].sort((a, b) => (a.id < b.id ? -1 : 1)),
      orderOf: ({ id }: { readonly id: string }) => id,
    };
    const { items, end } = takeAutoScalingPage(call, listing, 100);
    return {
      InstanceRefreshes: items.map(({ id, status, startedAt }) => ({
        InstanceRefreshId: id,
        AutoScalingGroupName: name,
        Status: status,
        StartTime: new Date(startedAt),
      })),
      ...end,
    };
  },
};
