import { test } from "tap";
import { stringify } from "yaml";
import { declareSettings, settingNames, settingsIn } from "../../lib/settings/declare.ts";
import { loadYaml } from "../../lib/settings/load-yaml.ts";
import { readEnvironment } from "../../lib/settings/read-environment.ts";
import { readFileSettings } from "../../lib/settings/read-file.ts";
import { resolveSettings } from "../../lib/settings/resolve.ts";
import {
  refuseForgetfulState,
  type StateRun,
  type StateSettings,
  stateSettings,
} from "../../lib/settings/state-settings.ts";

const declared = declareSettings("run", stateSettings);

function resolve(section: Readonly<Record<string, unknown>>, environment: Readonly<Record<string, string>> = {}) {
  const file = loadYaml("s.yaml", stringify({ run: section }));
  return resolveSettings([declared], [readEnvironment([declared], environment), readFileSettings([declared], file)]);
}

test("what holds when nothing is said", async (t) => {
  const resolved = resolve({});
  if (!resolved.ok) return t.fail(resolved.problems.join());
  t.strictSame(resolved.settings[0], {
    ...{ state: "embedded", stateDirectory: undefined, stateTable: "stalewatch" },
    ...{ stateProfile: undefined, stateRegion: undefined, statePersistent: false },
  });
});

const accepted = [
  { key: "state", value: "dynamodb", want: { state: "dynamodb" } },
  { key: "state", value: "none", want: { state: "none" } },
  { key: "state_directory", value: "/var/lib/x", want: { stateDirectory: "/var/lib/x" } },
  { key: "state_table", value: "a-B", want: { stateTable: "a-B" } },
  { key: "state_table", value: "_.9".repeat(85), want: { stateTable: "_.9".repeat(85) } },
  { key: "state_persistent", value: true, want: { statePersistent: true } },
] as const;

for (const { key, value, want } of accepted)
  test(`${key} takes ${value}`, async (t) => t.match(resolve({ [key]: value }), { ok: true, settings: [want] }));

const tableName = "a table's name of 3 to 255 letters, digits or _.-";
const refused = [
  { key: "state", value: "/var/lib/x", expects: "one of embedded, dynamodb, none" },
  { key: "state_directory", value: " ", expects: "the path of a directory" },
  { key: "state_table", value: "ab", expects: tableName },
  { key: "state_table", value: "a".repeat(256), expects: tableName },
  { key: "state_table", value: "a/b", expects: tableName },
  { key: "state_region", value: "Ohio", expects: "a region such as us-east-1" },
] as const;

for (const { key, value, expects } of refused)
  test(`${key} refuses ${value.slice(0, 40)}`, async (t) => {
    const resolved = resolve({ [key]: value });
    const [problem = "", ...others] = resolved.ok ? [] : resolved.problems;
    t.ok(problem.startsWith(`file s.yaml line 2, run.${key}: "`), problem);
    t.ok(problem.endsWith(`" is not ${expects}`), problem);
    t.strictSame(others, []);
  });

const variables = [
  { environment: { STALEWATCH_STATE: "none" }, want: { state: "none" } },
  { environment: { STALEWATCH_STATE_DIRECTORY: "/s" }, want: { stateDirectory: "/s" } },
  { environment: { aws_dynamodb_profile_name: "ops" }, want: { stateProfile: "ops" } },
  { environment: { aws_dynamodb_region: "us-west-2" }, want: { stateRegion: "us-west-2" } },
] as const;

for (const { environment, want } of variables)
  test(`takes ${Object.keys(environment).join()} from the environment`, async (t) =>
    t.match(resolve({}, environment), { ok: true, settings: [want] }));

const pod = { KUBERNETES_SERVICE_HOST: "10.0.0.1" };
const lasts = "needs state = dynamodb, or state_persistent = true where state_directory lasts";
interface Case extends Partial<StateSettings & StateRun> {
  readonly name: string;
  readonly want?: string | undefined;
}

const cases: readonly Case[] = [
  { name: "observe needs no state", state: "none", mode: "observe", want: undefined },
  { name: "observe may forget", mode: "observe", environment: pod, isSharded: true, want: undefined },
  { name: "notify on one machine", mode: "notify", want: undefined },
  {
    name: "notify without state",
    state: "none",
    mode: "notify",
    want: "mode = notify must remember what it did: state can't be none",
  },
  {
    name: "persistence does not replace state",
    state: "none",
    statePersistent: true,
    mode: "commit",
    want: "mode = commit must remember what it did: state can't be none",
  },
  {
    name: "notify in a pod",
    mode: "notify",
    environment: pod,
    want: `mode = notify in Kubernetes ${lasts}`,
  },
  { name: "commit in shards", mode: "commit", isSharded: true, want: `mode = commit with shards ${lasts}` },
  { name: "a table serves pods and shards", state: "dynamodb", mode: "commit", environment: pod, isSharded: true },
  { name: "a volume that lasts", statePersistent: true, mode: "commit", environment: pod, isSharded: true },
  { name: "a variable set to nothing is no pod", mode: "commit", environment: { KUBERNETES_SERVICE_HOST: "" } },
];

const alone: StateRun & Pick<StateSettings, "state" | "statePersistent"> = {
  ...{ state: "embedded", statePersistent: false, mode: "observe", isSharded: false, environment: {} },
};

for (const { name, want, ...given } of cases)
  test(name, async (t) => {
    const run = { ...alone, ...given };
    t.equal(refuseForgetfulState(run, run), want);
  });

test("no name is given twice, and each setting says what it means in a sentence", async (t) => {
  for (const names of Object.values(settingNames(declared))) t.strictSame(names, [...new Set(names)]);
  for (const { names, says } of settingsIn([declared])) t.match(says, /^[A-Z].*\.$/, names.stem);
});
