import type { Message } from "../core/queue.ts";
import type { HostEvent, RefusalReason } from "../host-events/event.ts";
import type { Judgement } from "../host-events/filters.ts";
import type { MarkedEvent } from "../marks/mark.ts";

/** What is to be done about one message. */
export type Assessed =
  | { readonly is: "marks"; readonly events: readonly [MarkedEvent, ...MarkedEvent[]] }
  /** Done with: nothing to mark, a filter that says so, a tunnel of which nobody can say where it leads. */
  | { readonly is: "ignored" | "dropped" | "unresolved"; readonly says: string }
  | { readonly is: "refused"; readonly reason: RefusalReason; readonly says: string }
  /** What would tell can't be had now. */
  | { readonly is: "kept"; readonly says: string };

export interface JudgedEvent {
  readonly event: HostEvent;
  readonly judgement: Judgement;
}

interface Believed {
  readonly message: Pick<Message, "id">;
  readonly isVerified: boolean;
}

/** A believed message, by what filters have made of its events: where they have dropped all of them, it marks nothing. */
export function assessEvents(judged: readonly JudgedEvent[], { message, isVerified }: Believed): Assessed {
  const [first, ...rest] = judged.flatMap(({ event, judgement }): readonly MarkedEvent[] => {
    if (judgement.is === "dropped") return [];
    const { level, annotations } = judgement;
    const noted = Object.keys(annotations).length === 0 ? {} : { annotations };
    return [{ event, level, isVerified, messageId: event.id ?? message.id, ...noted }];
  });
  if (first !== undefined) return { is: "marks", events: [first, ...rest] };
  const by = judged.flatMap(({ judgement }) =>
    judgement.is === "dropped" ? [`${judgement.by} ${judgement.rule}`] : [],
  );
  return { is: "dropped", says: [...new Set(by)].join(", ") };
}
