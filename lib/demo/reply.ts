import type { Millis } from "../core/time.ts";
import type { Fault } from "./call-rules.ts";

export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly requestId: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** Beyond the latency of every call. */
  readonly delayMs: Millis;
  readonly delivery: "whole" | "torn" | "cut" | "never";
}

export const whole = { delayMs: 0, delivery: "whole" } as const;

/** What a fault makes of an answer on its way. */
export function spoil(reply: Reply, fault: Fault | undefined): Reply {
  switch (fault?.kind) {
    case "slow":
      return { ...reply, delayMs: fault.ms };
    case "torn":
      return { ...reply, delivery: "torn" };
    case "cut":
      return { ...reply, delivery: "cut" };
    case "hang":
      return { ...reply, delivery: "never" };
    case "garbage":
      return { ...reply, contentType: "text/html", body: "<html><body>502 Bad Gateway: the proxy says no" };
    default:
      return reply;
  }
}
