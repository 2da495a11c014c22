import { join } from "node:path";
import type { Test } from "tap";
import { stringify } from "yaml";
import { aKey, aUser } from "../../../lib/demo/scenario/builders.ts";
import type { OrganizationSpec, UserSpec } from "../../../lib/demo/scenario/specs.ts";
import { startFakeSlack } from "../../support/fake-slack.ts";
import { makeDirectory } from "./make-directory.ts";
import { runKeycheck } from "./run-keycheck.ts";
import { prodId, profileEnvironment, startAws, twoAccounts } from "./scenario.ts";

const person = { id: "U0123ABCDEF", name: "ada" };

/**
 * Everything that keycheck can find: beside the keys of `twoAccounts` a root user's key, last uses, a key that will be
 * rotated, and a user who can't be read.
 */
const everyFinding: OrganizationSpec = {
  ...twoAccounts,
  accounts: twoAccounts.accounts.map((account) =>
    account.id === prodId
      ? {
          ...account,
          root: { ...account.root, keys: [aKey({ ageDays: 1400.5 })] },
          users: [...account.users.map(withLastUse), aUser({ name: "rotated", keys: [aKey({ ageDays: 200.5 })] })].map(
            (user) => ({ ...user, tags: { slack: person.id } }),
          ),
        }
      : { ...account, users: [...account.users, aUser({ name: "hidden", keys: [aKey()] })] },
  ),
  denials: [{ action: "iam:ListAccessKeys", userName: "hidden" }],
};

/** Long ago, so that old keys stay unused. */
function withLastUse(user: UserSpec): UserSpec {
  const keys = user.keys.map((key) => ({ ...key, usedDaysAgo: key.usedDaysAgo ?? key.ageDays - 3 }));
  return ["leaked", "twins"].includes(user.name) ? { ...user, keys } : user;
}

/** Both profiles in mode commit, which may act in one of the accounts. */
const settingsOf = (directory: string, slackApiUrl: string): string =>
  stringify({
    run: { mode: "commit", act_on_accounts: [prodId], state_directory: join(directory, "state") },
    keycheck: {
      fresh: true,
      disable_after: "0d",
      max_disables: 1,
      kinds: [{ kind: "human", user: "*", disable: true }],
      exemptions: [{ user: "job=backup*", reason: "replaced soon", owner: "ada", until: "2999-01-01" }],
      slack_token: `file:${join(directory, "slack-token")}`,
      slack_api_url: slackApiUrl,
    },
  });

/**
 * Two accounts in mode commit, and the variables for keycheck's second run there: owners have been told in a first, and
 * one of them has rotated his key since.
 */
export async function startActing(t: Test): Promise<Readonly<Record<string, string>>> {
  const slack = await startFakeSlack({ people: [person] });
  t.teardown(() => slack.close());
  const directory = makeDirectory(t, { "slack-token": slack.token });
  const settings = makeDirectory(t, { "stalewatch.yaml": settingsOf(directory, slack.apiUrl) });
  const aws = await startAws(t, { scenario: everyFinding });
  const environment = {
    ...profileEnvironment(t, aws),
    STALEWATCH_CONFIG: join(settings, "stalewatch.yaml"),
  };
  await runKeycheck(t, { environment, args: ["prod"] });
  if (slack.posts.length === 0) throw new Error("the first run told nobody");
  const users = aws.organization.accounts.flatMap((account) => account.users.list());
  users.find(({ name }) => name === "rotated")?.keys.splice(0);
  return environment;
}
