import { Readable } from "node:stream";
import { GetCredentialReportCommand, IAMClient } from "@aws-sdk/client-iam";
import { HttpResponse } from "@smithy/core/protocols";
import fc from "fast-check";
import { test } from "tap";
import { liftReport } from "../../lib/aws/read/lift-report.ts";

const report = "user,arn\nzoë,arn:aws:iam::123456789012:user/zoë\n";

const answer = (content: string) =>
  `<GetCredentialReportResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetCredentialReportResult>${content}` +
  "<GeneratedTime>2026-03-01T00:00:00Z</GeneratedTime></GetCredentialReportResult></GetCredentialReportResponse>";

const withReport = answer(`<Content>${Buffer.from(report).toString("base64")}</Content>`);

/** A client whose every answer is this body, cut where it is told. */
const clientAnswering = (body: string, cuts: readonly number[] = [], statusCode = 200): IAMClient =>
  new IAMClient({
    region: "us-east-1",
    credentials: { accessKeyId: "AKIA", secretAccessKey: "secret" },
    maxAttempts: 1,
    requestHandler: {
      async handle() {
        const bytes = Buffer.from(body);
        const edges = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length];
        const chunks = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
        const response = new HttpResponse({
          statusCode,
          headers: {},
          body: Readable.from(chunks, { objectMode: false }),
        });
        return { response };
      },
    },
  });

test("the report is what the SDK would have read, wherever the answer is cut", async (t) => {
  const { Content: bySdk } = await clientAnswering(withReport).send(new GetCredentialReportCommand({}));
  t.equal(Buffer.from(bySdk ?? []).toString(), report);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(), { maxLength: 8 }), async (cuts) => {
      const command = new GetCredentialReportCommand({});
      const lifted = liftReport(command);
      const { GeneratedTime: generatedAt } = await clientAnswering(withReport, cuts).send(command);
      return lifted() === report && generatedAt?.toISOString() === "2026-03-01T00:00:00.000Z";
    }),
    { numRuns: 50 },
  );
});

test("a report written with entities is left to the SDK", async (t) => {
  const wrapped = Buffer.from(report)
    .toString("base64")
    .replace(/^./, (letter) => `&#${letter.charCodeAt(0)};`);
  const command = new GetCredentialReportCommand({});
  const lifted = liftReport(command);
  const { Content: content } = await clientAnswering(answer(`<Content>${wrapped}</Content>`)).send(command);
  t.equal(lifted(), undefined);
  t.equal(Buffer.from(content ?? []).toString(), report);
});

test("an answer without a report is left to the SDK", async (t) => {
  const command = new GetCredentialReportCommand({});
  const lifted = liftReport(command);
  const { GeneratedTime: generatedAt } = await clientAnswering(answer("")).send(command);
  t.equal(lifted(), undefined);
  t.ok(generatedAt);
});

test("an error keeps its name", async (t) => {
  const command = new GetCredentialReportCommand({});
  liftReport(command);
  const error =
    "<ErrorResponse><Error><Type>Sender</Type><Code>ReportInProgress</Code><Message>m</Message></Error></ErrorResponse>";
  await t.rejects(clientAnswering(error, [3, 40], 404).send(command), { name: "CredentialReportNotReadyException" });
});

test("an answer that ends inside the report is an error, not a shorter report", async (t) => {
  const command = new GetCredentialReportCommand({});
  const lifted = liftReport(command);
  await t.rejects(clientAnswering(withReport.slice(0, withReport.indexOf("</Content>") - 4)).send(command));
  t.equal(lifted(), undefined);
});
