import { createHash } from "node:crypto";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { test } from "tap";
import batchResponse from "../data/lambda/batch-response.json" with { type: "json" };
import fifoQueue from "../data/lambda/fifo-queue.json" with { type: "json" };
import standardQueue from "../data/lambda/standard-queue.json" with { type: "json" };

// That these compile holds the samples against the published types.
const events: readonly SQSEvent[] = [standardQueue, fifoQueue];
const response: SQSBatchResponse = batchResponse;

test("each sample's digest is that of its body, and no two of an event have one id", async (t) => {
  for (const { Records } of events) {
    for (const { body, md5OfBody } of Records) t.equal(md5OfBody, createHash("md5").update(body).digest("hex"));
    t.equal(new Set(Records.map(({ messageId }) => messageId)).size, Records.length);
  }
});

test("the sample response names a record of the sample event", async (t) => {
  const ids = standardQueue.Records.map(({ messageId }) => messageId);
  for (const { itemIdentifier } of response.batchItemFailures) t.ok(ids.includes(itemIdentifier));
});
