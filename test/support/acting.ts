import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Test } from "tap";
import { stringify } from "yaml";
import type { JournalEntry } from "../../lib/act/entry.ts";
import type { Millis } from "../../lib/core/time.ts";
import type { CallRule, Fault } from "../../lib/demo/call-rules.ts";
import { type OfflineAws, startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { anAccount, anOrganization } from "../../lib/demo/scenario/builders.ts";
import type { AccountSpec } from "../../lib/demo/scenario/specs.ts";
import type { AccessKey, Account, User } from "../../lib/demo/state.ts";
import { type Ladder, newLadder, noteNotice } from "../../lib/keycheck/ladder.ts";
import { openLadders } from "../../lib/keycheck/ladders.ts";
import type { Store } from "../../lib/state/store.ts";
import { storeReport } from "../wire/stored-report.ts";
import { type ActedMemory, openActedMemory, readJournalOf } from "./acted-memory.ts";
import { type FakeJira, type FakeJiraOptions, fakeJiraLogin, startFakeJira } from "./fake-jira.ts";
import { type FakeSlack, type FakeSlackOptions, startFakeSlack } from "./fake-slack.ts";
import { type Launch, pointsOf, type Run, runKeycheck, type StartedRun, startKeycheck } from "./run-executable.ts";
import { shiftTimes } from "./shift-times.ts";

type Section = Readonly<Record<string, unknown>>;

interface WorldOptions extends Partial<Pick<AccountSpec, "users" | "secrets" | "parameters">> {
  /** Beside everybody's own, which is `slackIdOf` their user's name. */
  readonly slack?: FakeSlackOptions;
  /** Users whom the map of owners leaves out. */
  readonly unmapped?: readonly string[];
  /** Absent: no tickets. */
  readonly jira?: FakeJiraOptions;
  readonly run?: Section;
  readonly keycheck?: Section;
  readonly aws?: { readonly denials?: readonly CallRule[]; readonly faults?: readonly Fault[] };
}

interface RunOptions extends Omit<Launch, "directory"> {
  /** In place of what the world's settings say. */
  readonly run?: Section;
  readonly keycheck?: Section;
}

/** One account with its owners, its tickets and what keycheck remembers of it. */
export interface World extends ActedMemory {
  readonly aws: OfflineAws;
  readonly account: Account;
  readonly slack: FakeSlack;
  readonly jira: FakeJira;
  /** Holds the settings, the map of owners and the state. */
  readonly directory: string;
  readonly stateDirectory: string;
  run(options?: RunOptions): Promise<Run>;
  start(options?: RunOptions): StartedRun;
  user(name: string): User;
  key(userName: string, at?: number): AccessKey;
  /** What is remembered of a key, by its id. */
  ladder(keyId: string): Promise<Ladder | undefined>;
  /** Has their owners told of the keys some time ago, as an earlier run would have. */
  tell(keys: readonly (readonly [userName: string, key: AccessKey])[], ago: Millis): Promise<void>;
  /** Lets time go by: everything that was, is so much longer ago. */
  pass(time: Millis): Promise<void>;
}

export const worldAccount = "100000000001";

export const slackIdOf = (userName: string): string => `U0${userName.toUpperCase().replace(/[^A-Z0-9]/g, "")}`;

/** Starts all that keycheck talks to when it acts, in mode commit on one account whose users are human. */
export async function openWorld(t: Test, options: WorldOptions): Promise<World> {
  const { users = [], secrets = [], parameters = [], unmapped = [] } = options;
  const scenario = anOrganization({
    accounts: [anAccount({ id: worldAccount, users, secrets, parameters })],
    ...options.aws,
  });
  const people = users.map(({ name }) => ({ id: slackIdOf(name), name, email: `${name}@example.com` }));
  const [aws, slack, jira] = await Promise.all([
    startOfflineAws({ scenario }),
    startFakeSlack({ ...options.slack, people: [...(options.slack?.people ?? []), ...people] }),
    startFakeJira(options.jira),
  ]);
  t.teardown(() => Promise.all([aws.close(), slack.close(), jira.close()]));
  const directory = t.testdir({});
  const mapped = users.map(({ name }) => name).filter((name) => !unmapped.includes(name));
  writeFileSync(
    join(directory, "map.yaml"),
    stringify(Object.fromEntries(mapped.map((name) => [name, slackIdOf(name)]))),
  );
  const [account] = aws.organization.accounts;
  if (account === undefined) throw new Error("no account");
  const stateDirectory = join(directory, "state");
  const place = { ...{ aws, account, slack, jira, directory, stateDirectory }, options };
  return { ...place, ...runsOf(place), ...memoryOf(place) };
}

interface Place extends Pick<World, "aws" | "account" | "slack" | "jira" | "directory" | "stateDirectory"> {
  readonly options: WorldOptions;
}

function runsOf(place: Place) {
  const { aws, account, directory } = place;
  let written = 0;
  const launchOf = ({ run, keycheck, argv = [], environment, ...launch }: RunOptions): Launch => {
    const config = join(directory, `settings-${written++}.yaml`);
    const { run: ofRun, keycheck: ofKeycheck } = settingsOf(place);
    writeFileSync(config, stringify({ run: { ...ofRun, ...run }, keycheck: { ...ofKeycheck, ...keycheck } }));
    storeReport(account, Date.now());
    const given = { argv: ["--config", config, ...argv], environment: { ...secretsOf(place), ...environment } };
    return { ...launch, ...given, remembers: true };
  };
  return {
    run: (options: RunOptions = {}) => runKeycheck(aws, launchOf(options)),
    start: (options: RunOptions = {}) => startKeycheck(aws, launchOf(options)),
  };
}

const secretsOf = ({ slack }: Pick<Place, "slack">) => ({
  ...{ SLACK_TOKEN: slack.token, JIRA_EMAIL: fakeJiraLogin.email, JIRA_TOKEN: fakeJiraLogin.token },
});

const settingsOf = ({ slack, jira, directory, stateDirectory, options }: Place) => ({
  run: {
    ...{ mode: "commit", act_on_accounts: [worldAccount], state_directory: stateDirectory },
    ...{ lease_time: "1s", log_level: "debug" },
    ...options.run,
  },
  keycheck: {
    ...{ kinds: [{ kind: "human", user: "*" }], max_share: "100%" },
    ...{ slack_token: "env:SLACK_TOKEN", slack_map: join(directory, "map.yaml"), slack_api_url: slack.apiUrl },
    ...(options.jira === undefined
      ? {}
      : {
          ...{ create_jira: true, jira_server_address: jira.address, jira_kind: options.jira.kind ?? "cloud" },
          ...{ jira_project_key: "OPS", jira_email: "env:JIRA_EMAIL", jira_token: "env:JIRA_TOKEN" },
        }),
    ...options.keycheck,
  },
});

function memoryOf({ account, jira, stateDirectory }: Place) {
  const memory = openActedMemory(stateDirectory, acted);
  const { inStore } = memory;
  const user = (name: string) => {
    const found = account.users.find(name);
    if (found === undefined) throw new Error(`no user ${name}`);
    return found;
  };
  return {
    ...memory,
    user,
    key(userName: string, at = 0) {
      const found = user(userName).keys[at];
      if (found === undefined) throw new Error(`no key ${at} of ${userName}`);
      return found;
    },
    ladder: (keyId: string) => inStore((store) => openLadders(store, account.id, Date.now).find(keyId)),
    tell: (keys: Parameters<World["tell"]>[0], ago: Millis) => inStore((store) => tell(store, keys, ago)),
    async pass(time: Millis) {
      await inStore((store) => shiftTimes({ program: "keycheck", account, jira, store, time }));
    },
  };
}

const acted = { program: "keycheck", accountId: worldAccount } as const;

/** The journal of the world's account in whatever store. */
export const readJournal = (store: Store): Promise<readonly JournalEntry[]> => readJournalOf(store, acted);

async function tell(store: Store, keys: Parameters<World["tell"]>[0], ago: Millis): Promise<void> {
  const ladders = openLadders(store, worldAccount, Date.now);
  const sent = { at: Date.now() - ago, sequence: 1, stage: "expired" } as const;
  await Promise.all(
    keys.map(([userName, { id, createdAt }]) =>
      ladders.update(newLadder(userName, { id, createdAt, active: true }), (ladder) =>
        noteNotice(ladder, { ...sent, person: slackIdOf(userName) }),
      ),
    ),
  );
}

/** How many actions each gate refused in a run, by the gate's name. */
export const refusalsOf = (run: Run): Readonly<Record<string, unknown>> =>
  Object.fromEntries(pointsOf(run, "stalewatch_refusal").map(({ tags, fields }) => [tags.reason, fields.count]));

/** As a table of what was done to what, and how it ended. */
export const endingsOf = (entries: readonly JournalEntry[]): readonly string[] =>
  entries.map(({ action, state }) => `${action.kind} ${action.subject.split("/")[0]} ${action.occasion}: ${state}`);
