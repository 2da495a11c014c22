import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Ajv2020 } from "ajv/dist/2020.js";
import { test } from "tap";
import { keycheckPermissions } from "../../lib/keycheck/permissions.ts";

const dist = join(import.meta.dirname, "..", "..", "dist");
const clean = { PATH: process.env.PATH ?? "" };

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const stalewatch = (...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, [join(dist, "stalewatch.cjs"), ...args], { env: clean }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });

test("the demo runs keycheck on three accounts and says what to do next", async (t) => {
  const { code, stdout, stderr } = await stalewatch("demo");
  t.equal(code, 0);
  t.equal(stderr, "");
  t.equal(stdout.match(/^keycheck_account,/gm)?.length, 3);
  t.equal(stdout.match(/^stalewatch_run,.* ok=true,partial=false/gm)?.length, 4, "three accounts and their listing");
  t.match(stdout, "node dist/keycheck.cjs YOUR_PROFILE");
});

test("demo serve prints how to reach it, answers keycheck, and ends on SIGTERM", async (t) => {
  const server = spawn(
    process.execPath,
    [join(dist, "stalewatch.cjs"), "demo", "serve", "--users", "10", "--accounts", "1"],
    {
      env: clean,
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  t.teardown(() => server.kill("SIGKILL"));
  const variables: Record<string, string> = { ...clean };
  for await (const line of createInterface({ input: server.stdout })) {
    const [, name, value] = /^export (\w+)='(.*)'$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) variables[name] = value;
    if (name === "AWS_EC2_METADATA_DISABLED") break;
  }
  const scan = await new Promise<string>((resolve) => {
    execFile(process.execPath, [join(dist, "keycheck.cjs")], { env: variables }, (_error, stdout) => resolve(stdout));
  });
  t.match(scan, /keycheck_account,.* partial=false,users=10i/);
  const ended = once(server, "exit");
  server.kill("SIGTERM");
  t.strictSame(await ended, [0, null]);
});

test("the policy is the list of declared actions", async (t) => {
  const { stdout } = await stalewatch("iam-policy", "keycheck");
  t.strictSame(JSON.parse(stdout).Statement[0].Action, keycheckPermissions.observe);
});

test("the schema takes a good settings file and refuses a slip", async (t) => {
  const { stdout } = await stalewatch("schema");
  t.match(stdout, '"$schema": "https://json-schema.org/draft/2020-12/schema"');
  const validate = new Ajv2020({ strict: false }).compile(JSON.parse(stdout));
  t.ok(validate({ run: { deadline: "50s" }, keycheck: { expire_age: "90d" } }));
  t.notOk(validate({ keycheck: { expire_agee: "90d" } }));
  t.notOk(validate({ keycheck: { expire_age: "ninety days" } }));
});

const refused = [
  { name: "no command", args: [], want: "E! stalewatch: which command? stalewatch --help lists them" },
  { name: "an unknown command", args: ["dmo"], want: "E! stalewatch: Unknown argument: dmo" },
  { name: "an unknown option", args: ["demo", "serve", "--prot", "1"], want: "E! stalewatch: Unknown argument: prot" },
] as const;

for (const { name, args, want } of refused) {
  test(`${name} is refused in one line`, async (t) => {
    const { code, stdout, stderr } = await stalewatch(...args);
    t.strictSame({ code, stdout, stderr }, { code: 2, stdout: "", stderr: `${want}\n` });
  });
}
