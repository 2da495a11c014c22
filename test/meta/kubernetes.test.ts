import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { type Test, test } from "tap";
import { parse } from "yaml";
import type { DeclaredSetting } from "../../lib/settings/declare.ts";
import { parseDuration } from "../../lib/settings/duration.ts";
import { loadSettings } from "../../lib/settings/load-settings.ts";
import { parseValue } from "../../lib/settings/parse-value.ts";
import { runSettings } from "../../lib/settings/run-settings.ts";
import { refuseForgetfulState } from "../../lib/settings/state-settings.ts";
import { parseScheme } from "../../lib/tagaudit/parse-scheme.ts";
import {
  environmentOf,
  filesOf,
  findManifest,
  type Manifest,
  manifestsOf,
  parseManifests,
  readTemplate,
  uncomment,
  type Workload,
  workloadsOf,
} from "../support/kubernetes.ts";
import { type Program, programs, settingsOf } from "../support/programs.ts";

const root = join(import.meta.dirname, "..", "..");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** The schemas, each named after its object's kind; nothing of an object may be what its schema does not know. */
function compileSchemas() {
  const schemas = join(root, "test", "data", "kubernetes");
  const ajv = new Ajv2020({ strict: false, formats: { byte: true, int32: true, int64: true, "date-time": true } });
  const read = (name: string) => JSON.parse(readFileSync(join(schemas, name), "utf8"));
  ajv.addSchema(read("_definitions.json"));
  const kinds = readdirSync(schemas).filter((name) => /^[a-z]+-.*\.json$/.test(name));
  const compiled = new Map(kinds.map((name) => [basename(name).split("-")[0] ?? "", ajv.compile(read(name))] as const));
  return (manifest: Manifest): string => {
    const validate = compiled.get(manifest.kind.toLowerCase());
    if (validate === undefined) return `no schema of ${manifest.kind}`;
    return validate(manifest) ? "" : ajv.errorsText(validate.errors);
  };
}

const problemsOf = compileSchemas();

/** A program's templates, and what of them its tests ask for again and again. */
interface Templates {
  readonly program: Program;
  readonly manifests: readonly Manifest[];
  readonly workloads: readonly Workload[];
  /** Of the Secret. */
  readonly telegrafConf: string;
}

function readTemplates(program: Program): Templates {
  const manifests = manifestsOf(program.name);
  const { stringData } = findManifest(manifests, "Secret", `${program.name}-telegraf`);
  return { program, manifests, workloads: workloadsOf(manifests), telegrafConf: stringData?.["telegraf.conf"] ?? "" };
}

test("there are templates of every program, and of nothing else", async (t) => {
  const directories = readdirSync(join(root, "k8s-templates"), { withFileTypes: true }).filter((one) =>
    one.isDirectory(),
  );
  t.strictSame(directories.map(({ name }) => name).sort(), programs.map(({ name }) => name).sort());
});

for (const program of programs) {
  const templates = readTemplates(program);
  test(program.name, async (t) => {
    await testObjects(t, templates);
    for (const workload of templates.workloads)
      await t.test(workload.title, async (t) => {
        await testPods(t, workload, templates);
        await testSettings(t, workload, templates);
      });
    await testTelegraf(t, templates);
    await testConfigMap(t, templates);
  });
}

async function testObjects(t: Test, { program, manifests, workloads }: Templates) {
  await t.test("every object is what its strict schema allows", async (t) => {
    t.ok(manifests.length >= (program.tellsPeople ? 9 : 7));
    for (const manifest of manifests) t.equal(problemsOf(manifest), "", `${manifest.kind} ${manifest.metadata.name}`);
    for (const { kind, metadata } of manifests)
      t.equal(metadata.labels?.["app.kubernetes.io/name"], program.name, `${kind} ${metadata.name} is labelled`);
  });

  await t.test("a slip of the pen is no object", async (t) => {
    const [deployment] = manifests.filter(({ kind }) => kind === "Deployment");
    const slipped = { ...deployment, spec: { ...deployment?.spec, replica: 1 } } as unknown as Manifest;
    t.match(problemsOf(slipped), /additional/);
  });

  await t.test("no secret is filled in", async (t) => {
    const texts = manifests
      .filter(({ kind }) => kind === "Secret")
      .flatMap(({ stringData }) => Object.entries(stringData ?? {}));
    for (const [name, text] of texts) {
      const secrets =
        name === "telegraf.conf" ? [...text.matchAll(/password = "(.*)"/g)].map(([, word]) => word) : [text];
      if (name !== "config") for (const secret of secrets) t.equal(secret, "CHANGE-ME", name);
    }
  });

  await t.test("each workload runs the program itself, or Telegraf", async (t) => {
    t.equal(workloads.length, program.hasShards ? 3 : 2);
    const run = workloads.flatMap(({ template }) => template.spec.containers.map(({ command }) => command));
    const own = `/opt/stalewatch/dist/${program.name}.cjs`;
    for (const command of run)
      t.ok(command[0] === "telegraf" || (command[0] === "node" && command[1] === own), command.join(" "));
  });
}

async function testPods(t: Test, { template, selector }: Workload, { manifests }: Templates) {
  const { spec } = template;
  await t.test("what it refers to is there", async (t) => {
    findManifest(manifests, "ServiceAccount", spec.serviceAccountName);
    for (const { secret, configMap, persistentVolumeClaim } of spec.volumes) {
      if (secret) findManifest(manifests, "Secret", secret.secretName);
      if (configMap) findManifest(manifests, "ConfigMap", configMap.name);
      if (persistentVolumeClaim) findManifest(manifests, "PersistentVolumeClaim", persistentVolumeClaim.claimName);
    }
    const volumes = spec.volumes.map(({ name }) => name).sort();
    for (const { volumeMounts } of spec.containers)
      t.strictSame(volumeMounts.map(({ name }) => name).sort(), volumes, "every volume is mounted");
    t.match(template.metadata.labels, selector ?? {}, "the selector selects its pods");
  });

  await t.test("runs as nobody, on a file system that it can't change", async (t) => {
    t.match(spec, {
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    });
    t.match(readTemplate("Dockerfile"), `\nUSER ${spec.securityContext.runAsUser}:`, "the image's own user");
    for (const container of spec.containers) {
      t.ok(container.image.endsWith(`:${version}`), "the image of this version");
      t.match(container, {
        resources: { requests: { cpu: /./, memory: /./ }, limits: { memory: /./ } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
      });
    }
  });
}

async function testSettings(t: Test, workload: Workload, templates: Templates) {
  const { template, job } = workload;
  const { manifests, telegrafConf } = templates;
  const files = filesOf(manifests, template);

  await t.test("its settings are taken in every mode", async (t) => {
    for (const mode of ["observe", "notify", "commit"] as const) {
      const loaded = await load(workload, mode, templates);
      if (loaded.kind !== "settings") return t.fail(JSON.stringify(loaded));
      const isSharded = loaded.run.shards !== undefined;
      const run = { mode, isSharded, environment: { KUBERNETES_SERVICE_HOST: "10.0.0.1" } };
      t.equal(refuseForgetfulState(loaded.run, run), undefined, `${mode}: what is remembered lasts`);
    }
  });

  await t.test("files that its settings name are mounted", async (t) => {
    for (const container of template.spec.containers) {
      const inFile = parse(files.get("/etc/stalewatch/stalewatch.yaml") ?? "")[templates.program.name] ?? {};
      const values = [...Object.values(environmentOf(manifests, container)), ...Object.values(inFile)];
      const paths = values.flatMap((value) => /^(?:file:)?(\/(?:etc|run)\/.*)$/.exec(String(value))?.[1] ?? []);
      t.ok(paths.length > (templates.program.tellsPeople ? 3 : 1));
      for (const path of paths) t.ok(files.has(path), path);
    }
  });

  const scheme = files.get("/etc/stalewatch/tags.yaml");
  if (scheme !== undefined)
    await t.test("the scheme that it brings is one", async (t) => t.match(parseScheme(parse(scheme)), { ok: true }));

  await t.test("a run has the time to end by itself", async (t) => {
    const loaded = await load(workload, "observe", templates);
    if (loaded.kind !== "settings") return t.fail(JSON.stringify(loaded));
    const { deadline, shards } = loaded.run;
    const timeout = isStaying(telegrafConf) ? Number.POSITIVE_INFINITY : durationIn(telegrafConf, "timeout");
    const given = job ? job.activeDeadlineSeconds * 1000 : timeout;
    t.ok(given > deadline, `${given} ms for ${deadline}`);
    t.equal(job?.completions, shards, "as many pods as parts");
  });
}

/** As the container's process would load them; an Indexed Job's pod is told which one it is. */
function load({ template, job }: Workload, mode: string, { program, manifests, telegrafConf }: Templates) {
  const [container] = template.spec.containers;
  if (container === undefined) throw new Error("a pod without a container");
  const files = filesOf(manifests, template);
  const index = job?.completions === undefined ? {} : { JOB_COMPLETION_INDEX: "0" };
  return loadSettings({
    program: program.name,
    says: "",
    examples: [],
    declarations: [runSettings, program.settings],
    argv: (container.command[0] === "telegraf" ? commandIn(telegrafConf) : container.command).slice(2),
    environment: { ...environmentOf(manifests, container), ...index, STALEWATCH_MODE: mode },
    readFile: async (path) => files.get(path) ?? Promise.reject(new Error(`no file ${path}`)),
  });
}

/** The first command that a conf of Telegraf runs. */
const commandIn = (conf: string): readonly string[] =>
  JSON.parse(/(?:command = |commands = \[)(\["node", [^\]]*\])/.exec(conf)?.[1] ?? "[]");

/** Whether the program stays, and prints at intervals of its own. */
const isStaying = (conf: string): boolean => conf.includes("[[inputs.execd]]");

const durationIn = (conf: string, name: string): number => parseDuration(optionOf(conf, name)) ?? Number.NaN;

const optionOf = (conf: string, name: string): string =>
  new RegExp(`^ *${name} = "(\\w+)"`, "m").exec(conf.slice(conf.indexOf("[[inputs.")))?.[1] ?? "";

async function testTelegraf(t: Test, { program, workloads, telegrafConf }: Templates) {
  await t.test("the liveness probe waits longer than two rounds", async (t) => {
    const probes = workloads.flatMap(({ template }) =>
      template.spec.containers.flatMap(({ livenessProbe }) => livenessProbe ?? []),
    );
    t.equal(probes.length, 1);
    const [, path = "", minutes] = /find (\S+) -mmin -(\d+)/.exec(probes[0]?.exec.command.join(" ") ?? "") ?? [];
    const command = commandIn(telegrafConf);
    const twoRounds = isStaying(telegrafConf)
      ? 2 * (parseDuration(command[command.indexOf("--deadline") + 1] ?? "") ?? Number.NaN)
      : 2 * durationIn(telegrafConf, "interval") + durationIn(telegrafConf, "timeout");
    t.ok(Number(minutes) * 60_000 > twoRounds);
    t.match(telegrafConf, `files = ["${path}"]`, "Telegraf writes what it looks at");
  });

  await t.test("the Secret's telegraf.conf runs it as the shipped conf does", async (t) => {
    const name = isStaying(telegrafConf) ? `${program.name}-execd.conf` : `${program.name}.conf`;
    const shippedConf = readFileSync(join(root, "telegraf", name), "utf8");
    const active = (conf: string) =>
      conf
        .slice(conf.indexOf("[[inputs."))
        .replace(/^ *environment = \[[\s\S]*?^ {2}\]$/m, "")
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "" && !line.startsWith("#"));
    const shipped = active(shippedConf).filter((line) => !/^(commands?|\["node"|\]$)/.test(line));
    const lines = active(telegrafConf);
    t.ok(shipped.length > (isStaying(telegrafConf) ? 2 : 5));
    t.strictSame(
      shipped.filter((line) => !lines.includes(line)),
      [],
    );
    t.strictSame(commandIn(telegrafConf).slice(0, 2), ["node", `/opt/stalewatch/dist/${program.name}.cjs`]);
    // Profiles are those of the ConfigMap.
    const flags = (conf: string) => commandIn(conf).filter((word, at) => at > 1 && word !== "prod");
    t.strictSame(flags(telegrafConf), flags(shippedConf));
    t.match(readTemplate("Dockerfile"), "\nWORKDIR /opt/stalewatch\n");
  });
}

interface Shown {
  readonly name: string;
  readonly raw: unknown;
  readonly setting: DeclaredSetting | undefined;
}

/** What the ConfigMap names: variables, and what stalewatch.yaml has in its sections. */
function shownIn(text: string, program: Program): readonly Shown[] {
  const shown = parseManifests(text);
  const all = settingsOf(program);
  const variables = Object.entries(findManifest(shown, "ConfigMap", `${program.name}-environment`).data ?? {});
  const file = findManifest(shown, "ConfigMap", `${program.name}-settings`).data?.["stalewatch.yaml"] ?? "";
  const inFile = Object.entries<Readonly<Record<string, unknown>> | null>(parse(file)).flatMap(([section, entries]) =>
    Object.entries(entries ?? {}).map(([name, raw]) => ({ section, name, raw })),
  );
  return [
    ...variables
      .filter(([name]) => !name.startsWith("AWS_"))
      .map(([name, raw]) => ({ name, raw, setting: all.find(({ names }) => names.environment[0] === name) })),
    ...inFile.map(({ section, name, raw }) => {
      const setting = all.find(({ names }) => names.section === section && names.file[0] === name);
      return { name: `${section}.${name}`, raw, setting };
    }),
  ];
}

/** What nobody would change in a cluster, and what another template says. */
const notShown = [
  ...["run.shard", "run.shards", "run.shard_index"],
  ...["run.dump_metric_to_console", "run.lease_time"],
  ...["keycheck.at", "keycheck.fresh", "keycheck.from_report", "keycheck.slack_api_url"],
  ...["keycheck.slack_token_credstash", "keycheck.credstash_keyname_atlassian_api_email"],
  "keycheck.credstash_keyname_atlassian_api_token",
  ...["tagaudit.slack_api_url", "tagaudit.slack_token_credstash"],
  ...["dirtycount.filters", "dirtycount.automation_principals", "dirtycount.guard_duty"],
];

async function testConfigMap(t: Test, { program }: Templates) {
  const configMap = readTemplate(`${program.name}/configmap.yaml`);
  const isOn = new Set(shownIn(configMap, program).map(({ name }) => name));
  const everything = shownIn(uncomment(configMap), program);

  await t.test("the ConfigMap names only settings that exist, with values that they take", async (t) => {
    for (const { name, raw, setting } of everything) {
      if (setting === undefined) t.fail(`${name} is no setting`);
      else checkValue(t, name, { raw, setting, isOn: isOn.has(name) });
    }
  });

  await t.test("the ConfigMap shows every setting that a user would change, once", async (t) => {
    const shown = everything.map(({ setting }) => setting);
    t.strictSame(
      shown.filter((setting, index) => shown.indexOf(setting) !== index),
      [],
      "none twice",
    );
    const missing = settingsOf(program)
      .filter(({ names }) => names.environment.length + names.file.length > 0)
      .filter((one) => !shown.includes(one));
    const own = notShown.filter((name) => name.startsWith("run.") || name.startsWith(`${program.name}.`));
    t.strictSame(missing.map(({ names }) => `${names.section}.${names.stem}`).sort(), own.toSorted());
  });
}

interface ShownValue {
  readonly raw: unknown;
  readonly setting: DeclaredSetting;
  readonly isOn: boolean;
}

/** What is off stands there at its default, or as an example where there is none. */
function checkValue(t: Test, name: string, { raw, setting, isOn }: ShownValue) {
  const parsed = parseValue(setting.kind, raw);
  t.ok(parsed.ok, `${name} takes ${JSON.stringify(raw)}`);
  const { default: fallback } = setting;
  if (!isOn && fallback !== undefined && fallback.length > 0)
    t.strictSame(parsed, parseValue(setting.kind, fallback), `${name} is shown at its default`);
}
