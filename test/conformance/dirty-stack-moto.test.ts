import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import file, { type Test, test } from "tap";
import { minutes } from "../../lib/core/time.ts";
import { executablePath, pointsOf } from "../support/run-executable.ts";
import { getPeer, skipWithout } from "./support/peers.ts";
import { startMoto } from "./support/start-moto.ts";
import { runProcess } from "./support/start-process.ts";

/**
 * The CloudFormation template, held against AWS's schemas by cfn-lint, and applied to moto: events on its bus come out of the
 * queue as marks in the stack's own table. What moto can't do, and is left out: policies of queues and buses and the table's
 * time to live (it makes none from a template; test/meta holds the policies against requests), and running the functions (it
 * would need Docker).
 */
const skip = skipWithout("moto");

file.setTimeout(minutes(3));

const root = fileURLToPath(new URL("../..", import.meta.url));
const template = join(root, "lib/dirtymark/cloudformation.yaml");
const region = "eu-west-1";
const inVenv = (name: string): string => join(dirname(getPeer("moto")), name);

test("cfn-lint has nothing to say of it", { skip }, async (t) => {
  const linted = await runProcess(t, { command: inVenv("cfn-lint"), args: ["--", template] });
  t.match(linted, { code: 0, stdout: "" });
});

const events = [
  "start-session",
  "send-ssh-public-key",
  "send-serial-console-key",
  "command-invocation",
  "guardduty-finding",
];
/** Nothing forwards these: another service's, and what the invocations say already. */
const others = ["command"];

async function applyStack(t: Test, environment: Readonly<Record<string, string>>) {
  const paths = [...events, ...others].map((name) => join(root, "test/data/host-events", `${name}.json`));
  const { code, stdout, stderr } = await runProcess(t, {
    command: inVenv("python"),
    args: [join(root, "test/conformance/applystack.py"), environment.AWS_ENDPOINT_URL ?? "", template, ...paths],
    environment,
  });
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

test("applied to moto", { skip }, async (t) => {
  const moto = await startMoto(t);
  const environment = { ...moto.environment(), AWS_REGION: region, AWS_DEFAULT_REGION: region };
  const stack = await applyStack(t, environment);

  await t.test("every resource is made, and as it was said", async (t) => {
    t.match(stack, {
      status: "CREATE_COMPLETE",
      queues: {
        skunky: { VisibilityTimeout: "400", RedrivePolicy: /skunky-dead.*"maxReceiveCount": 100/ },
        "skunky-forwarders": {
          VisibilityTimeout: "400",
          RedrivePolicy: /skunky-forwarders-dead.*"maxReceiveCount": 100/,
        },
      },
      functions: [
        { Handler: "dirtymark-lambda.handler", Runtime: "nodejs22.x", Timeout: 60 },
        { Handler: "dirtymark-lambda.handler", Runtime: "nodejs22.x", Timeout: 60 },
      ],
      sources: [
        { EventSourceArn: /:skunky$/, FunctionResponseTypes: ["ReportBatchItemFailures"] },
        { EventSourceArn: /:skunky-forwarders$/, FunctionResponseTypes: ["ReportBatchItemFailures"] },
      ],
      table: { TableStatus: "ACTIVE", BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" } },
    });
    t.equal(stack.roles.length, 1);
  });

  await t.test("events on its bus become marks in its table, with its functions' settings", async (t) => {
    const variables = stack.functions
      .map(
        ({ Environment }: { readonly Environment: { readonly Variables: Record<string, string> } }) =>
          Environment.Variables,
      )
      .find(({ DIRTYMARK_SENDERS }: Record<string, string>) => DIRTYMARK_SENDERS === "forwarders");
    const drained = await runProcess(t, {
      command: process.execPath,
      args: [executablePath("dirtymark")],
      environment: { ...environment, ...variables, STALEWATCH_SINK: "line-protocol" },
    });
    t.match(drained, { code: 0, stderr: "" });
    t.match(pointsOf(drained, "dirtymark_run"), [
      { fields: { received: events.length, recorded: events.length, refused: 0, kept: 0 } },
    ]);
    t.match(pointsOf(drained, "dirtymark_queue"), [{ fields: { visible: 0, in_flight: 0, unverified: 0 } }]);
  });
});
