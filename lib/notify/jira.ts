import { type Millis, seconds } from "../core/time.ts";
import type { JiraKind } from "./jira-address.ts";
import type { JiraAuth } from "./jira-client.ts";
import type { IssueSetting } from "./jira-issue.ts";
import { jiraTracker } from "./jira-tracker.ts";
import type { Tracker } from "./tracker.ts";

export interface JiraOptions extends IssueSetting {
  readonly kind: JiraKind;
  /** What the API's paths are put behind. */
  readonly apiAddress: string;
  /** Where people reach it; asked of Jira where undefined. */
  readonly siteAddress: string | undefined;
  readonly auth: JiraAuth;
  /** Ends whatever is under way; a change that it cuts short may be done. */
  readonly stop: AbortSignal;
  /** How long one attempt may take. */
  readonly timeout?: Millis;
  /** How long one request may wait in all where Jira says that there were too many. */
  readonly patience?: Millis;
}

/** Loads jira.js, so not to be called before there is a ticket to look at. */
export async function openJira(options: JiraOptions): Promise<Tracker> {
  const { callsByKind, connectClient } = await import("./jira-client.ts");
  const { kind, apiAddress, auth, stop, timeout = seconds(15), patience = seconds(20) } = options;
  const client = connectClient(apiAddress, auth, { stop, timeout, patience });
  const setting = { ...options, secrets: secretsOf(auth) };
  switch (kind) {
    case "cloud":
      return jiraTracker(callsByKind.cloud(client), setting);
    case "server":
      return jiraTracker(callsByKind.server(client), setting);
  }
}

/** In every spelling that goes over the wire, and so might come back in an answer. */
function secretsOf(auth: JiraAuth): readonly string[] {
  const token = auth.token.reveal();
  if (auth.kind === "bearer") return [token];
  const email = auth.email.reveal();
  return [Buffer.from(`${email}:${token}`).toString("base64"), token, email];
}
