import type { Intent } from "../act/journal.ts";
import { type FailureCode, OpsError } from "../core/errors.ts";
import type { Message } from "../core/message.ts";
import type { Millis } from "../core/time.ts";
import type { Owner } from "../owners/find-owner.ts";

/** Somebody whom the channel says it can reach, by the channel's own id. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

export type FoundPerson = { readonly person: Person } | { readonly missing: string };

/** A person, or a channel of last resort where nobody in particular is told. */
export type Recipient = { readonly person: Person } | { readonly channel: string };

/** A message that the channel says it took; of a form that a journal can keep. */
export type Delivery = {
  /** Where it went, by the channel's own id. */
  readonly channel: string;
  /** The message, by the channel's own id, such as Slack's `ts`. */
  readonly message: string;
  /** When, by the channel's clock. */
  readonly at: Millis;
  /** Proof that a person was told; a channel of last resort proves nothing. */
  readonly isDelivered: boolean;
};

interface Failure extends ErrorOptions {
  readonly code: FailureCode;
  readonly mayBeSent?: boolean;
  readonly retryAfter?: Millis | undefined;
}

/** A call of a channel's that failed. */
export class NotifyError extends OpsError {
  /** The message may have gone out all the same, for its answer was lost; never set by a call that sends none. */
  readonly mayBeSent: boolean;
  /** How long a throttled channel asked to be left alone. */
  readonly retryAfter: Millis | undefined;

  constructor(message: string, { code, mayBeSent = false, retryAfter, ...options }: Failure) {
    super(code, message, options);
    this.name = "NotifyError";
    this.mayBeSent = mayBeSent;
    this.retryAfter = retryAfter;
  }
}

/** A way to tell people. Every method throws NotifyError. */
export interface Notifier {
  /** Asks the channel anew each time, for people leave; `missing` says why nobody can be told. */
  findPerson(owner: Owner): Promise<FoundPerson>;
  /** Tried once: what may have gone out is never sent again from here. Leaves the intent's reference in the message. */
  send(intent: Intent, to: Recipient, message: Message): Promise<Delivery>;
  /** Looks for a message with this reference sent since then; `unreadable` where the channel will not show all of them. */
  findSent(reference: string, to: Recipient, since: Millis): Promise<Delivery | "unreadable" | undefined>;
}
