import type { ActionKinds } from "../act/conclude.ts";
import type { KeyActing } from "./actions/acting.ts";
import { disable, enable } from "./actions/disable.ts";
import { notice } from "./actions/notice.ts";
import { ticket, ticketClose, ticketComment, ticketReopen } from "./actions/ticket.ts";

/** Everything that keycheck may change. */
export const keyActions = (acting: KeyActing): ActionKinds =>
  new Map(
    [disable, enable, notice, ticket, ticketComment, ticketClose, ticketReopen]
      .map((make) => make(acting))
      .map((kind) => [kind.name, kind]),
  );
