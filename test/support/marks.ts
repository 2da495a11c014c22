import type { HostEvent } from "../../lib/host-events/event.ts";
import type { Mark, MarkedEvent, Tally } from "../../lib/marks/mark.ts";

/** 2026-03-01T12:00:00Z */
export const now = Date.UTC(2026, 2, 1, 12);

export const someInstance = {
  ...{ accountId: "123456789012", region: "eu-west-1", instanceId: "i-0123456789abcdef0" },
} as const;

export const aTally = (said: Partial<Tally> = {}): Tally => ({
  ...{ firstAt: now - 1000, lastAt: now - 1000, count: 1, level: "high", names: { ssh: 1 }, sources: ["host"] },
  ...{ principals: ["ada"], addresses: ["192.0.2.7"] },
  ...said,
});

/** Believed unless said otherwise. */
export const aMark = (said: Partial<Mark> = {}): Mark => ({
  ...{ shape: 1, ...someInstance, verified: aTally(), messages: ["m1"] },
  ...said,
});

export const aHostEvent = (said: Partial<HostEvent> = {}): HostEvent => ({
  ...{ ...someInstance, name: "ssh", source: "host", id: undefined, at: now - 1000 },
  ...{ principal: "ada", address: "192.0.2.7" },
  ...said,
});

export const aMarkedEvent = ({
  event,
  ...said
}: Partial<Omit<MarkedEvent, "event">> & { readonly event?: Partial<HostEvent> } = {}): MarkedEvent => ({
  ...{ event: aHostEvent(event), level: "high", isVerified: true, messageId: "m1" },
  ...said,
});
