import { ec2Client } from "../../../lib/aws/client/ec2.ts";
import { describeInstances } from "../../../lib/aws/read/ec2.ts";
import { openSession } from "../../../lib/aws/session.ts";
import { noCalls } from "../../../lib/core/call-counts.ts";

// Prints the ids of a region's instances, one a line.
const [region = ""] = process.argv.slice(2);
const client = ec2Client(await openSession({ region, counts: noCalls() }));
const stop = new AbortController().signal;
for await (const page of describeInstances({ client, stop }, { region, states: ["running", "stopped"] }))
  for (const { id } of page) process.stdout.write(`${id}\n`);
