import type { Millis } from "../core/time.ts";
import type { Fault } from "./call-rules.ts";
import type { EncodedXml } from "./encoded-xml.ts";
import type { HeldKey } from "./key-index.ts";
import type { RequestParameters } from "./parameters.ts";
import type { Account, Organization, User } from "./state.ts";

/** What an operation answers, in the member names of AWS's own model; an undefined member is left out. */
export type AnswerValue =
  | string
  | number
  | boolean
  | Date
  | undefined
  | EncodedXml
  | readonly AnswerValue[]
  | { readonly [member: string]: AnswerValue };

export type Answer = { readonly [member: string]: AnswerValue };

export interface Caller {
  readonly accessKeyId: string;
  readonly arn: string;
  readonly userId: string;
  readonly account: Account;
  /** Absent for an assumed role. */
  readonly user: User | undefined;
}

export interface Call {
  /** Such as `iam:ListUsers`. */
  readonly action: string;
  readonly parameters: RequestParameters;
  readonly caller: Caller;
  readonly organization: Organization;
  /** As signed: what a regional service answers for. */
  readonly region: string;
  /** In whatever account: the operation must look whose it is. */
  readonly findKey: (accessKeyId: string) => HeldKey | undefined;
  readonly now: Millis;
  /** Temporary credentials live by the client's clock, which is the real one whatever `now` says. */
  readonly sessionNow: Millis;
  /** Seed of pages shorter than asked for; undefined: every page is full. */
  readonly shortPages: number | undefined;
  /** Where the caller reaches the offline AWS. */
  readonly endpoint: string;
  /** For an operation of many parts, each of which may fail by itself: the fault that hits one. */
  readonly findFault: (part: Pick<Call, "action" | "parameters">) => Fault | undefined;
}

export interface Cost {
  /** A key of the throttle's limits. */
  readonly bucket: string;
  readonly tokens: number;
}

/** Long polling: the operation is asked again until its answer is enough, or time is up. */
export interface Waits {
  readonly most: (call: Call) => Millis;
  readonly isEnough: (answer: Answer) => boolean;
}

/** One row of a service's table: a function over the account's state that answers or throws an `AwsError`. */
export interface Operation {
  readonly action: string;
  readonly answer: (call: Call) => Answer;
  /** What AWS's refusal names as the resource; undefined: no permission is needed, so no policy can refuse it. */
  readonly resource: ((call: Call) => string) | undefined;
  /** What it takes from which bucket where calls are throttled; absent: one token of its own action's. */
  readonly costs?: (call: Call) => readonly Cost[];
  /** It changes the account's state, so what it was asked is kept in the log of writes. */
  readonly isWrite?: true;
  /** Absent: it answers at once. */
  readonly waits?: Waits;
}
