import type { UsersInfoResponse } from "@slack/web-api";
import type { Owner } from "../owners/find-owner.ts";
import { type FoundPerson, NotifyError } from "./notifier.ts";
import { callSlack, type Slack } from "./slack-call.ts";

type User = NonNullable<UsersInfoResponse["user"]>;

/** Slack takes messages to people who have left and to bots, so whether there is somebody to read them is asked first. */
export async function findPerson(slack: Slack, owner: Owner): Promise<FoundPerson> {
  const called = owner.by === "email" ? `e-mail "${owner.email}"` : `Slack id "${owner.slackId}"`;
  try {
    const { user } = await lookUp(slack, owner);
    return judgeUser(user, called);
  } catch (thrown) {
    if (thrown instanceof NotifyError && thrown.code === "missing") return { missing: `${called}: unknown to Slack` };
    throw thrown;
  }
}

const lookUp = (slack: Slack, owner: Owner): Promise<UsersInfoResponse> =>
  owner.by === "email"
    ? callSlack("users.lookupByEmail", slack, () => slack.client.users.lookupByEmail({ email: owner.email }))
    : callSlack("users.info", slack, () => slack.client.users.info({ user: owner.slackId }));

function judgeUser(user: User | undefined, called: string): FoundPerson {
  if (user?.id === undefined) return { missing: `${called}: unknown to Slack` };
  if (user.deleted) return { missing: `${called}: deactivated in Slack` };
  if (isBot(user)) return { missing: `${called}: a bot` };
  // They can't read anything before they accept.
  if (user.is_invited_user) return { missing: `${called}: has not joined Slack yet` };
  return { person: { id: user.id, name: user.profile?.real_name || user.real_name || user.name || user.id } };
}

/** Slackbot says of itself that it is none. */
const isBot = (user: User): boolean => Boolean(user.is_bot || user.is_workflow_bot) || user.id === "USLACKBOT";
