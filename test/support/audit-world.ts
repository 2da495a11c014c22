import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Test } from "tap";
import { stringify } from "yaml";
import { hours, type Millis } from "../../lib/core/time.ts";
import type { CallRule, Fault } from "../../lib/demo/call-rules.ts";
import type { Instance } from "../../lib/demo/ec2/instance.ts";
import { settle } from "../../lib/demo/ec2/instance-state.ts";
import { type OfflineAws, startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { anAccount, anOrganization } from "../../lib/demo/scenario/builders.ts";
import { aCanary, anInstance, aRegion } from "../../lib/demo/scenario/region-builders.ts";
import type { InstanceSpec, RegionSpec } from "../../lib/demo/scenario/region-specs.ts";
import type { Account } from "../../lib/demo/state.ts";
import type { Store } from "../../lib/state/store.ts";
import { type InstanceLadder, newLadder, noteNotice } from "../../lib/tagaudit/ladder.ts";
import { openLadders } from "../../lib/tagaudit/ladders.ts";
import { parseScheme } from "../../lib/tagaudit/parse-scheme.ts";
import type { TagRule } from "../../lib/tagaudit/scheme.ts";
import { parseTagList } from "../../lib/tagaudit/tag-list.ts";
import { type ActedMemory, openActedMemory } from "./acted-memory.ts";
import { type FakeElasticsearch, startFakeElasticsearch } from "./fake-elasticsearch.ts";
import { type FakeSlack, type FakeSlackOptions, startFakeSlack } from "./fake-slack.ts";
import { type Launch, type Run, runTagaudit, type StartedRun, startTagaudit } from "./run-executable.ts";
import { type Ended, runStalewatch } from "./run-stalewatch.ts";
import { shiftTimes } from "./shift-times.ts";

type Section = Readonly<Record<string, unknown>>;

interface AuditWorldOptions {
  readonly regions: readonly RegionSpec[];
  /** In place of the three tags that instances must have otherwise. */
  readonly scheme?: Section;
  readonly slack?: FakeSlackOptions;
  readonly run?: Section;
  readonly tagaudit?: Section;
  readonly aws?: { readonly denials?: readonly CallRule[]; readonly faults?: readonly Fault[] };
}

interface RunOptions extends Omit<Launch, "directory"> {
  /** In place of what the world's settings say. */
  readonly run?: Section;
  readonly tagaudit?: Section;
}

/** One account with its instances and their owners, where documents go, and what tagaudit remembers of it all. */
export interface AuditWorld extends ActedMemory {
  readonly aws: OfflineAws;
  readonly account: Account;
  readonly slack: FakeSlack;
  readonly elasticsearch: FakeElasticsearch;
  /** Holds the settings, the map of owners and the state. */
  readonly directory: string;
  run(options?: RunOptions): Promise<Run>;
  start(options?: RunOptions): StartedRun;
  stalewatch(...args: readonly string[]): Promise<Ended>;
  /** By the name that `idOf` made an id of, in whatever region. */
  instance(name: string): Instance;
  states(...names: readonly string[]): readonly string[];
  canary(region: string): Instance;
  ladder(name: string): Promise<InstanceLadder | undefined>;
  /** Has their owner told of instances some time ago, as an earlier run would have. */
  tell(names: readonly string[], ago: Millis): Promise<void>;
  /** Names of the instances that each call of this action changed. */
  changed(action: string): readonly (readonly string[])[];
  /** Lets time go by: everything that was, is so much longer ago. */
  pass(time: Millis): Promise<void>;
}

export const auditedAccount = "100000000001";

const acted = { program: "tagaudit", accountId: auditedAccount } as const;

const required = ["created_by", "department", "project"] as const;

export const goodTags = { created_by: "cad", department: "platform", project: "atlas" } as const;

/** A name of hexadecimal digits stands for an instance, and is what is told from others in a test. */
export const idOf = (name: string): string => `i-${name.padStart(17, "0")}`;

const nameOf = (id: string): string => id.replace(/^i-0*/, "");

/** Ada's, which lacks two of three tags for a long time. */
export const untagged = (name: string, { tags, ...said }: Partial<InstanceSpec> = {}): InstanceSpec =>
  anInstance({ ageDays: 90, ...said, id: idOf(name), tags: { created_by: "ada", ...tags } });

export const tagged = (name: string, { tags, ...said }: Partial<InstanceSpec> = {}): InstanceSpec =>
  anInstance({ ...said, id: idOf(name), tags: { ...goodTags, ...tags } });

interface WatchedOptions extends Partial<RegionSpec> {
  /** Tags of the canary beside its own. */
  readonly canary?: InstanceSpec["tags"];
}

/** With its canary. */
export const watched = (
  name: string,
  instances: readonly InstanceSpec[],
  { canary = {}, ...said }: WatchedOptions = {},
): RegionSpec => aRegion({ ...said, name, instances: [aCanary(name, { tags: canary }), ...instances] });

/** So many that those due are never a share that the gate fleet doubts. */
export const bystanders = (count: number): readonly InstanceSpec[] =>
  Array.from({ length: count }, (_, at) => tagged(`c0${at.toString(16).padStart(4, "0")}`));

/** Who can be told, by their names in tags. */
const people = ["ada", "bea", "cad"];

export const slackOf = (name: string): string => `U0${name.toUpperCase()}`;

/** Starts all that tagaudit talks to when it acts, in mode commit with every step allowed. */
export async function openAuditWorld(t: Test, options: AuditWorldOptions): Promise<AuditWorld> {
  const accounts = [anAccount({ id: auditedAccount, alias: "acme", regions: options.regions })];
  const own = people.map((name) => ({ id: slackOf(name), name, email: `${name}@example.com` }));
  const [aws, slack, elasticsearch] = await Promise.all([
    startOfflineAws({ scenario: anOrganization({ accounts, ...options.aws }) }),
    startFakeSlack({ ...options.slack, people: [...(options.slack?.people ?? []), ...own] }),
    startFakeElasticsearch(),
  ]);
  t.teardown(() => Promise.all([aws.close(), slack.close(), elasticsearch.close()]));
  const directory = t.testdir({
    "map.yaml": stringify(Object.fromEntries(people.map((name) => [name, slackOf(name)]))),
    "scheme.yaml": stringify(options.scheme ?? {}),
  });
  const [account] = aws.organization.accounts;
  if (account === undefined) throw new Error("no account");
  const place = { aws, account, slack, elasticsearch, directory, options };
  return { ...place, ...runsOf(place), ...fleetOf(place), ...memoryOf(place) };
}

interface Place extends Pick<AuditWorld, "aws" | "account" | "slack" | "elasticsearch" | "directory"> {
  readonly options: AuditWorldOptions;
}

function runsOf(place: Place) {
  const { aws, slack, directory } = place;
  let written = 0;
  const launchOf = ({ run, tagaudit, argv = [], environment, ...launch }: RunOptions): Launch => {
    const config = join(directory, `settings-${written++}.yaml`);
    const usual = settingsOf(place);
    writeFileSync(config, stringify({ run: { ...usual.run, ...run }, tagaudit: { ...usual.tagaudit, ...tagaudit } }));
    const given = { argv: ["--config", config, ...argv], environment: { SLACK_TOKEN: slack.token, ...environment } };
    return { ...launch, ...given, remembers: true };
  };
  return {
    run: (options: RunOptions = {}) => runTagaudit(aws, launchOf(options)),
    start: (options: RunOptions = {}) => startTagaudit(aws, launchOf(options)),
    stalewatch: (...args: readonly string[]) =>
      runStalewatch(args, {
        ...aws.environment(),
        ...{ STALEWATCH_STATE_DIRECTORY: stateIn(directory), STALEWATCH_LEASE_TIME: "1s" },
      }),
  };
}

const stateIn = (directory: string): string => join(directory, "state");

const settingsOf = ({ slack, elasticsearch, directory, options }: Place) => ({
  run: {
    ...{ mode: "commit", act_on_accounts: [auditedAccount], state_directory: stateIn(directory) },
    ...{ sink: ["influx", "elasticsearch"], elasticsearch_url: elasticsearch.url },
    ...{ lease_time: "1s", log_level: "debug" },
    ...options.run,
  },
  tagaudit: {
    regions: options.regions.map(({ name }) => name),
    ...(options.scheme === undefined ? { tags: required } : { scheme: join(directory, "scheme.yaml") }),
    ...{ terminate: true, max_share: "100%" },
    ...{ slack_token: "env:SLACK_TOKEN", slack_map: join(directory, "map.yaml"), slack_api_url: slack.apiUrl },
    ...options.tagaudit,
  },
});

function fleetOf({ aws, account }: Place) {
  const instance = (name: string) => {
    const [found] = account.regions.list().flatMap(({ instances }) => instances.find(idOf(name)) ?? []);
    if (found === undefined) throw new Error(`no instance ${name}`);
    return found;
  };
  return {
    instance,
    canary(name: string) {
      const { instances } = account.regions.find(name) ?? {};
      const found = instances?.ids().flatMap((id) => instances.find(id) ?? []);
      const canary = found?.find(({ tags }) => tags.get("Name") === `api-canary-${name}`);
      if (canary === undefined) throw new Error(`no canary in ${name}`);
      return canary;
    },
    states: (...names: readonly string[]) => names.map((name) => settle(instance(name), Date.now()).state),
    changed: (action: string) =>
      aws
        .writes()
        .filter((write) => write.action === `ec2:${action}`)
        .map(({ parameters }) => [parameters.InstanceId].flat().map((id) => nameOf(String(id)))),
  };
}

function memoryOf({ account, directory, options }: Place) {
  const memory = openActedMemory(stateIn(directory), acted);
  const regionOf = (name: string) => {
    const region = account.regions.list().find(({ instances }) => instances.find(idOf(name)) !== undefined);
    if (region === undefined) throw new Error(`no instance ${name}`);
    return region;
  };
  const ladderName = (name: string) => ({ region: regionOf(name).name, instanceId: idOf(name) });
  return {
    ...memory,
    ladder: (name: string) =>
      memory.inStore((store) => openLadders(store, auditedAccount, Date.now).find(ladderName(name))),
    tell: (names: readonly string[], ago: Millis) =>
      memory.inStore(async (store) => {
        const rules = rulesOf(options);
        await Promise.all(
          names.map((name) => {
            const tags = regionOf(name).instances.find(idOf(name))?.tags;
            const broken = rules.filter(({ tag }) => !tags?.get(tag)?.trim()).map(({ hash }) => hash);
            return tellOf(store, newLadder({ id: idOf(name), region: regionOf(name).name }), { ago, broken });
          }),
        );
      }),
    pass: (time: Millis) => memory.inStore((store) => shiftTimes({ program: acted.program, account, store, time })),
  };
}

function rulesOf({ scheme }: AuditWorldOptions): readonly TagRule[] {
  const parsed = scheme === undefined ? parseTagList(required, false) : parseScheme(scheme);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.wrong));
  return parsed.scheme.rules;
}

interface Telling {
  readonly ago: Millis;
  /** Hashes of rules. */
  readonly broken: readonly string[];
}

async function tellOf(store: Store, ladder: InstanceLadder, { ago, broken }: Telling): Promise<void> {
  const at = Date.now() - ago;
  const clocks = Object.fromEntries(broken.map((hash) => [hash, at - grace]));
  await openLadders(store, auditedAccount, Date.now).update({ ...ladder, clocks }, (one) =>
    noteNotice(one, {
      ...{ at, sequence: 1, stage: "violating", person: slackOf("ada"), rules: broken },
      announces: { stop: at, terminate: at },
    }),
  );
}

/** As long as any rule's here. */
const grace = hours(1);

/** As a table of what was done to what, and how it ended. */
export const endingsOf = async ({ journal }: Pick<AuditWorld, "journal">): Promise<readonly string[]> =>
  (await journal()).map(({ action, state }) => {
    const subject = action.subject.split("/").at(-1) ?? "";
    return `${action.kind} ${nameOf(subject)} ${action.occasion}: ${state}`;
  });
