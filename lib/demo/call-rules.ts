import type { Millis } from "../core/time.ts";

/** Which calls a rule is for; what it leaves out, it does not ask. */
export interface CallRule {
  /** Such as `iam:ListUsers` or `iam:List*`. */
  readonly action: string;
  /** Id of the caller's account. */
  readonly account?: string;
  /** The region that is asked, for regional services. */
  readonly region?: string;
  /** Glob of the request's UserName. */
  readonly userName?: string;
  /** Other parameters by name, as globs; of a list, one member must match. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** How many matching calls pass before it begins. */
  readonly after?: number;
  /** How many calls it then hits; unlimited if absent. */
  readonly times?: number;
}

/** Whether what was asked for is left undone, or is done and its answer lost. */
interface Moment {
  /** Absent: an error comes before the deed, everything else after it. */
  readonly when?: "before" | "after";
}

/** Something that goes wrong on the way: an error AWS would answer, or a connection that misbehaves. */
export type Fault = CallRule &
  (
    | (Moment & { readonly kind: "error"; readonly code: string; readonly status: number; readonly message: string })
    /** The connection is cut without a word. */
    | (Moment & { readonly kind: "cut" })
    /** The connection is cut in the middle of the body. */
    | { readonly kind: "torn" }
    /** Answered properly, this much later. */
    | { readonly kind: "slow"; readonly ms: Millis }
    /** Never answered. */
    | (Moment & { readonly kind: "hang" })
    /** 200 with a body that is no AWS protocol, as proxies answer. */
    | (Moment & { readonly kind: "garbage" })
  );

/** It keeps the operation from being carried out. */
export function preventsDeed(fault: Fault): boolean {
  const said = "when" in fault ? fault.when : undefined;
  return (said ?? (fault.kind === "error" ? "before" : "after")) === "before";
}

/** A user that the list still shows and every later call no longer finds. */
export const vanishedUser = (userName: string): Fault => ({
  action: "iam:*",
  userName,
  kind: "error",
  code: "NoSuchEntity",
  status: 404,
  message: `The user with name ${userName} cannot be found.`,
});
