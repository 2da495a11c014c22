import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, end, test } from "tap";
import { startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { aKey, anAccount, anOrganization, aUser } from "../../lib/demo/scenario/builders.ts";
import packageJson from "../../package.json" with { type: "json" };
import { keycheckPath, pointsOf, type Run, runKeycheck } from "../support/run-executable.ts";
import { storeReport } from "./stored-report.ts";

const accounts = ["100000000001", "100000000002"].map((id) =>
  anAccount({ id, users: [aUser({ name: "ada", keys: [aKey()] })] }),
);
const aws = await startOfflineAws({ scenario: anOrganization({ accounts }) });
after(() => aws.close());
for (const account of aws.organization.accounts) storeReport(account, Date.now());

const outcomeOf = (run: Run) => ({ exitCode: run.exitCode, stderr: run.stderr, keys: pointsOf(run, "iam").length });
const whole = { exitCode: 0, stderr: [], keys: 1 };

test("it runs from any directory", async (t) => {
  t.strictSame(outcomeOf(await runKeycheck(aws, { directory: "/" })), whole);
});

test("it runs through links, of its file and of its directory", async (t) => {
  const directory = t.testdir({ bin: {} });
  symlinkSync(keycheckPath, `${directory}/bin/keycheck`);
  symlinkSync("bin", `${directory}/alias`);
  t.strictSame(outcomeOf(await runKeycheck(aws, { directory, path: "alias/keycheck" })), whole);
});

test("the built files are all it needs, wherever they lie", async (t) => {
  const directory = t.testdir({ config: aws.configFile(), "s.yaml": "run:\n  region: eu-west-1\n" });
  // Out of reach of any node_modules.
  const elsewhere = mkdtempSync(join(tmpdir(), "stalewatch built "));
  t.after(() => rmSync(elsewhere, { recursive: true }));
  cpSync(dirname(keycheckPath), elsewhere, { recursive: true });
  const path = `${elsewhere}/keycheck.cjs`;
  const environment = { AWS_CONFIG_FILE: `${directory}/config` };
  const lazily = [
    { argv: [], keys: 1 },
    { argv: ["100000000002-stalewatch"], keys: 1 },
    { argv: ["--organization", "--config", "s.yaml"], keys: 2 },
    {
      argv: ["--sink", "line-protocol,json,prometheus", "--json-file=keys.json", "--prometheus-file=keys.prom"],
      keys: 1,
    },
  ];
  for (const { argv, keys } of lazily)
    t.strictSame(
      outcomeOf(await runKeycheck(aws, { argv, path, directory, environment })),
      { ...whole, keys },
      argv.join(" "),
    );
});

const printed = [
  { name: "--help", argv: ["--help"], want: /^Usage: keycheck \[FLAG\.\.\.\] \[PROFILE\.\.\.\]\n.*--expire-age/s },
  { name: "-h", argv: ["-h"], want: /^Usage: keycheck / },
  { name: "--help beside a mistake", argv: ["--nonsense", "--help"], want: /^Usage: keycheck / },
  { name: "--version", argv: ["--version"], want: new RegExp(`^keycheck ${packageJson.version}\\n$`) },
];

for (const { name, argv, want } of printed) {
  test(`${name} prints to stdout and asks AWS nothing`, async (t) => {
    const run = await runKeycheck(aws, { argv });
    t.equal(run.exitCode, 0);
    t.match(run.stdout, want);
    t.same([run.stderr, run.calls], [[], {}]);
  });
}

test("every line on stderr has its level, in debug and with a warning of the SDK's", async (t) => {
  const directory = t.testdir({ config: aws.configFile() });
  const environment = { AWS_CONFIG_FILE: `${directory}/config`, AWS_PROFILE: "100000000002" };
  const argv = ["no-such-profile", "100000000002", "--log-level", "debug"];
  const run = await runKeycheck(aws, { argv, environment });
  t.ok(run.stderr.length > 0);
  for (const line of run.stderr) t.match(line, /^[EWID]! keycheck: \S/);
});

test("with --log-format json every line on stderr is an object", async (t) => {
  const run = await runKeycheck(aws, { argv: ["no-such-profile", "--log-format", "json"] });
  t.match(
    run.stderr.map((line) => JSON.parse(line)),
    [{ level: "error", program: "keycheck", message: /^no-such-profile: sts:/, time: /^\d{4}-\d\d-\d\dT.*Z$/ }],
  );
});

test("HTTPS is trusted by a certificate of one's own, and only then", async (t) => {
  const directory = t.testdir({});
  const [key, cert] = [`${directory}/key.pem`, `${directory}/cert.pem`];
  execFileSync(
    "openssl",
    [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
      ...["-subj", "/CN=offline AWS", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert],
    ],
    { stdio: "ignore" },
  );
  const secure = await startOfflineAws({
    scenario: anOrganization({ accounts: [...accounts] }),
    tls: { key: readFileSync(key), cert: readFileSync(cert) },
  });
  t.after(() => secure.close());
  for (const account of secure.organization.accounts) storeReport(account, Date.now());
  t.match(secure.url, /^https:/);
  t.strictSame(outcomeOf(await runKeycheck(secure, { environment: { NODE_EXTRA_CA_CERTS: cert } })), whole);
  const distrusted = await runKeycheck(secure);
  t.equal(distrusted.exitCode, 1);
  t.match(distrusted.stderr, [/^E! keycheck: default: sts:GetCallerIdentity: self-signed certificate(;.*)?$/]);
  t.same(distrusted.calls, {});
});

end();
