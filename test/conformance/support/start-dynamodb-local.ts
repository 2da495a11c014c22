import type { Test } from "tap";
import { seconds } from "../../../lib/core/time.ts";
import { findFreePort } from "./free-port.ts";
import { getPeer } from "./peers.ts";
import { startProcess } from "./start-process.ts";
import { waitUntil } from "./wait-until.ts";

/** Amazon's own DynamoDB, in memory, without tables; the URL to reach it. */
export async function startDynamoDbLocal(t: Test): Promise<string> {
  const port = await findFreePort();
  await startProcess(t, { command: getPeer("DynamoDB Local"), args: [`${port}`] });
  const url = `http://127.0.0.1:${port}`;
  // It refuses what nobody signed, once it is there.
  await waitUntil("DynamoDB Local answers", async () => (await fetch(url)).status === 400, seconds(60));
  return url;
}
