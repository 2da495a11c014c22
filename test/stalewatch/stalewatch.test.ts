import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Ajv2020 } from "ajv/dist/2020.js";
import { test } from "tap";
import { stringify } from "yaml";
import { keycheckDetailPermissions, keycheckPermissions } from "../../lib/keycheck/permissions.ts";
import { tableActions } from "../../lib/state/dynamodb-actions.ts";
import { keycheckPath } from "../support/run-executable.ts";
import { runStalewatch, stalewatchPath } from "../support/run-stalewatch.ts";

const clean = { PATH: process.env.PATH ?? "", STALEWATCH_STATE: "none" };

test("the demo runs keycheck on three accounts and says what to do next", async (t) => {
  const { code, stdout, stderr } = await runStalewatch(["demo"]);
  t.equal(code, 0);
  t.equal(stderr, "");
  t.equal(stdout.match(/^keycheck_account,/gm)?.length, 3);
  t.equal(stdout.match(/^stalewatch_run,.* ok=true,partial=false/gm)?.length, 4, "three accounts and their listing");
  t.match(stdout, "node dist/keycheck.cjs YOUR_PROFILE");
});

test("demo serve prints how to reach it, answers keycheck, and ends on SIGTERM", async (t) => {
  const server = spawn(process.execPath, [stalewatchPath, "demo", "serve", "--users", "10", "--accounts", "1"], {
    env: clean,
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.teardown(() => server.kill("SIGKILL"));
  const variables: Record<string, string> = { ...clean };
  for await (const line of createInterface({ input: server.stdout })) {
    const [, name, value] = /^export (\w+)='(.*)'$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) variables[name] = value;
    if (name === "AWS_EC2_METADATA_DISABLED") break;
  }
  const scan = await new Promise<string>((resolve) => {
    execFile(process.execPath, [keycheckPath], { env: variables }, (_error, stdout) => resolve(stdout));
  });
  t.match(scan, /keycheck_account,.* partial=false,users=10i/);
  const ended = once(server, "exit");
  server.kill("SIGTERM");
  t.strictSame(await ended, [0, null]);
});

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
}

const policyBy = async (...args: string[]): Promise<readonly Statement[]> => {
  const { code, stdout, stderr } = await runStalewatch(["iam-policy", "keycheck", ...args]);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout).Statement;
};

test("the policy of each mode is the list of its declared actions", async (t) => {
  const statement = (Action: readonly string[]) => ({ Sid: "Stalewatch", Effect: "Allow", Action, Resource: "*" });
  t.strictSame(await policyBy(), [statement(keycheckPermissions.observe)]);
  for (const mode of ["observe", "notify", "commit"] as const)
    t.strictSame(await policyBy("--mode", mode), [statement(keycheckPermissions[mode])], mode);
});

test("the policy of state in a table has the table's actions and its ARN", async (t) => {
  const [, ...of] = await policyBy("--state", "dynamodb", "--state-region", "eu-west-1", "--account", "123456789012");
  const Resource = ["arn:aws:dynamodb:eu-west-1:123456789012:table/stalewatch"];
  t.match(of, [
    { Sid: "State", Action: Object.values(tableActions.use).sort(), Resource },
    { Sid: "MakeStateTable", Action: Object.values(tableActions.make).sort(), Resource },
  ]);
});

test("the policy of a run over other accounts has what gets it there, and no more", async (t) => {
  const role = "arn:aws:iam::123456789012:role/audit";
  const rows = [
    { run: { role_arns: [role] }, want: [["sts:AssumeRole", role]] },
    {
      run: { organization: true },
      want: [
        ["organizations:ListAccounts", "*"],
        ["sts:AssumeRole", "arn:aws:iam::*:role/stalewatch"],
      ],
    },
    {
      run: {
        ...{ organization: true, role_name: "path/audit", region: "cn-north-1" },
        ...{ exclude_ous: ["ou-ab12-cdefgh34"], include_tags: ["team"] },
      },
      want: [
        ["organizations:ListAccounts", "organizations:ListParents", "organizations:ListTagsForResource", "*"],
        ["sts:AssumeRole", "arn:aws-cn:iam::*:role/path/audit"],
      ],
    },
  ];
  const config = join(t.testdir(), "settings.yaml");
  for (const { run, want } of rows) {
    writeFileSync(config, stringify({ run }));
    const [, ...home] = await policyBy("--config", config);
    t.strictSame(
      home.map(({ Action, Resource }) => [Action, Resource].flat()),
      want,
    );
  }
});

test("the policy by a settings file has what these settings call, and no more", async (t) => {
  const config = join(t.testdir(), "settings.yaml");
  const keycheck = {
    ...{ kinds: [{ kind: "human", group: "people" }], slack_token: "secretsmanager:bot" },
    ...{ create_jira: true, jira_server_address: "https://x.atlassian.net", jira_project_key: "OPS" },
    ...{ jira_email: "env:EMAIL", jira_token: "ssm:/jira/token" },
  };
  writeFileSync(config, stringify({ run: { mode: "commit", region: "eu-west-1" }, keycheck }));
  const [scan, ...secrets] = await policyBy("--config", config);
  t.strictSame(scan?.Action, [...keycheckPermissions.commit, ...keycheckDetailPermissions].sort());
  t.strictSame(
    secrets.map(({ Action, Resource }) => [...Action, ...Resource]),
    [
      ["secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:*:secret:bot-??????"],
      ["ssm:GetParameter", "arn:aws:ssm:eu-west-1:*:parameter/jira/token"],
    ],
  );
  const [, ...observing] = await policyBy("--config", config, "--mode", "observe");
  t.strictSame(observing, [], "nobody is told");
});

test("the schema takes a good settings file and refuses a slip", async (t) => {
  const { stdout } = await runStalewatch(["schema"]);
  t.match(stdout, '"$schema": "https://json-schema.org/draft/2020-12/schema"');
  const validate = new Ajv2020({ strict: false }).compile(JSON.parse(stdout));
  t.ok(validate({ run: { deadline: "50s" }, keycheck: { expire_age: "90d" } }));
  t.ok(validate({ run: { mode: "commit", act_on_accounts: ["123456789012"], calendar: { hours: "09:00-17:00" } } }));
  t.ok(validate({ keycheck: { kinds: [{ kind: "human", user: "*" }], slack_token: "env:SLACK_TOKEN" } }));
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
    const { code, stdout, stderr } = await runStalewatch(args);
    t.strictSame({ code, stdout, stderr }, { code: 2, stdout: "", stderr: `${want}\n` });
  });
}
