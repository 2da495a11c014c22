import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "tap";
import { noCalls } from "../../lib/core/call-counts.ts";
import type { StateSettings } from "../../lib/settings/state-settings.ts";
import { isStoreMade, openStore, type StoreRequest } from "../../lib/state/open-store.ts";
import { chooseDirectory } from "../../lib/state/state-directory.ts";
import { startDynalite } from "../support/start-dynalite.ts";

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

const settings: StateSettings = {
  ...{ state: "embedded", stateDirectory: undefined, statePersistent: false },
  ...{ stateTable: "stalewatch", stateProfile: undefined, stateRegion: undefined },
};

const request: Omit<StoreRequest, "settings"> = {
  environment: {},
  openSession: async () => {
    throw new Error("no session is needed");
  },
  stop: new AbortController().signal,
  warn: () => undefined,
};

test("without state there is no store", async (t) =>
  t.equal(await openStore({ ...request, settings: { ...settings, state: "none" } }), undefined));

test("embedded state lies where it is said, else where XDG_STATE_HOME says", async (t) => {
  const base = t.testdir();
  const environment = { XDG_STATE_HOME: join(base, "xdg") };
  const places = [
    { stateDirectory: join(base, "said"), want: join(base, "said") },
    { stateDirectory: undefined, want: join(base, "xdg", "stalewatch") },
  ];
  for (const { stateDirectory, want } of places) {
    const store = await openStore({ ...request, environment, settings: { ...settings, stateDirectory } });
    t.equal(await store?.create("c", "a", {}), "created");
    t.ok(existsSync(join(want, "data.mdb")), relative(base, want));
    await store?.close();
  }
});

test("whether there is anything to be read shows without anything being made", async (t) => {
  const base = t.testdir({
    made: { "data.mdb": "" },
    home: {},
    used: { ".local": { state: { stalewatch: { "data.mdb": "" } } } },
  });
  const at = (directory: string) => ({ stateDirectory: join(base, directory) });
  const system = join(base, "no-system");
  const cases = [
    { name: "a database that is there", given: at("made"), want: true },
    { name: "a directory without one", given: at("home"), want: false },
    { name: "no directory", given: at("absent"), want: false },
    { name: "a place that can't be looked at", given: at("made/data.mdb"), want: true },
    { name: "a home that never had any", given: {}, home: "home", want: false },
    { name: "a home that has one", given: {}, home: "used", want: true },
    { name: "a table, which is taken to be there", given: { state: "dynamodb" as const }, want: true },
    { name: "nothing is to be remembered", given: { ...at("made"), state: "none" as const }, want: false },
  ];
  for (const { name, given, home = "home", want } of cases) {
    const place = { environment: {}, system, home: join(base, home), settings: { ...settings, ...given } };
    t.equal(await isStoreMade(place), want, name);
  }
  t.notOk(existsSync(join(base, "home", ".local")));
  t.notOk(existsSync(join(base, "absent")));
});

test("shared state lies in the table, account and region that are said", async (t) => {
  const { url } = await startDynalite(t);
  process.env.AWS_ENDPOINT_URL_DYNAMODB = url;
  t.teardown(() => delete process.env.AWS_ENDPOINT_URL_DYNAMODB);
  const credentials = async () => ({ accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "any" });
  const asked: unknown[] = [];
  const store = await openStore({
    ...request,
    settings: { ...settings, state: "dynamodb", stateTable: "ours", stateProfile: "ops", stateRegion: "eu-west-1" },
    openSession: async (of) => {
      asked.push(of);
      return { profile: "ops", region: "eu-west-1", credentials, counts: noCalls() };
    },
  });
  t.strictSame(asked, [{ profile: "ops", region: "eu-west-1" }]);
  t.equal(await store?.create("c", "a", {}), "created");
});

const inHome = "home/.local/state/stalewatch";
const inSystem = "system/stalewatch";

/** Paths below a directory of the test's own. */
const places: readonly {
  readonly name: string;
  readonly configured?: string;
  readonly stateHome?: string;
  readonly directories?: readonly string[];
  readonly files?: readonly string[];
  readonly want: string;
}[] = [
  { name: "nothing is there yet", want: inHome },
  { name: "it is configured", configured: "said", stateHome: "xdg", directories: [inHome], want: "said" },
  { name: "XDG_STATE_HOME is set", stateHome: "xdg", directories: [inHome, inSystem], want: "xdg/stalewatch" },
  { name: "the home's is in use", directories: [inHome, inSystem], want: inHome },
  { name: "the system's is in use", directories: [inSystem], want: inSystem },
  { name: "the home can't be written", files: ["home"], want: inSystem },
  { name: "the system's is in use, and it is no directory", files: [inSystem], want: inHome },
];

for (const { name, configured, stateHome, directories = [], files = [], want } of places)
  test(`the state's directory where ${name}`, async (t) => {
    const base = t.testdir({ system: {} });
    const at = (path: string | undefined) => (path === undefined ? undefined : join(base, path));
    for (const path of directories) mkdirSync(join(base, path), { recursive: true });
    for (const path of files) writeFileSync(join(base, path), "");
    const chosen = await chooseDirectory({
      ...{ configured: at(configured), stateHome: at(stateHome) },
      ...{ home: join(base, "home"), system: join(base, "system") },
    });
    t.equal(relative(base, chosen), want);
  });

test("a relative XDG_STATE_HOME is as none", async (t) => {
  const base = t.testdir();
  const chosen = await chooseDirectory({
    configured: undefined,
    stateHome: "xdg",
    home: base,
    system: join(base, "s"),
  });
  t.equal(relative(base, chosen), ".local/state/stalewatch");
});

test("where no place can be made, the error names the setting and each place", async (t) => {
  const base = t.testdir({ home: "a file", system: "a file" });
  const choosing = chooseDirectory({
    ...{ configured: undefined, stateHome: undefined },
    ...{ home: join(base, "home"), system: join(base, "system") },
  });
  await t.rejects(choosing, {
    name: "OpsError",
    message: /^state_directory is not set, and no place for it can be made: ENOTDIR.*home.*; ENOTDIR.*system/,
  });
});

test("a directory that can't be made is an error, and not an endless attempt", async (t) => {
  const base = t.testdir({ file: "" });
  const places = [
    // procfs answers ENOENT below a directory that is there.
    { stateDirectory: "/proc/nope/x", want: /can't open the state in "\/proc\/nope\/x": ENOENT/ },
    { stateDirectory: join(base, "file", "x"), want: /ENOTDIR/ },
  ];
  for (const { stateDirectory, want } of places) {
    await t.rejects(openStore({ ...request, settings: { ...settings, stateDirectory } }), { message: want });
  }
});
