import type { Millis } from "../core/time.ts";

/** Which calls a rule is for; what it leaves out, it does not ask. */
export interface CallRule {
  /** Such as `iam:ListUsers` or `iam:List*`. */
  readonly action: string;
  /** Id of the caller's account. */
  readonly account?: string;
  /** Glob of the request's UserName. */
  readonly userName?: string;
  /** Other parameters by name, as globs. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** How many matching calls pass before it begins. */
  readonly after?: number;
  /** How many calls it then hits; unlimited if absent. */
  readonly times?: number;
}

/** Something that goes wrong on the way: an error AWS would answer, or a connection that misbehaves. */
export type Fault = CallRule &
  (
    | { readonly kind: "error"; readonly code: string; readonly status: number; readonly message: string }
    /** The connection is cut in the middle of the body. */
    | { readonly kind: "torn" }
    /** Answered properly, this much later. */
    | { readonly kind: "slow"; readonly ms: Millis }
    /** Never answered. */
    | { readonly kind: "hang" }
    /** 200 with a body that is no AWS protocol, as proxies answer. */
    | { readonly kind: "garbage" }
  );

/** A user that the list still shows and every later call no longer finds. */
export const vanishedUser = (userName: string): Fault => ({
  action: "iam:*",
  userName,
  kind: "error",
  code: "NoSuchEntity",
  status: 404,
  message: `The user with name ${userName} cannot be found.`,
});
