import type { EC2Client } from "@aws-sdk/client-ec2";
import type { Calling } from "../../../lib/aws/call.ts";
import { ec2Client } from "../../../lib/aws/client/ec2.ts";
import { describeInstances } from "../../../lib/aws/read/ec2.ts";
import { asInstance } from "../../../lib/aws/read/instance-fields.ts";
import { allPages } from "../../../lib/aws/read/pages.ts";
import { readPageBySdk } from "../../../lib/aws/read/read-instance-page.ts";
import { regionalSession } from "../../../lib/aws/regional-session.ts";
import { openSession } from "../../../lib/aws/session.ts";
import { noCalls } from "../../../lib/core/call-counts.ts";
import type { Instance } from "../../../lib/core/ec2.ts";

// Counts the instances of regions, read at once, and prints the milliseconds of that alone, start-up left out.

type List = (calling: Calling<EC2Client>, region: string) => AsyncIterable<readonly Instance[]>;

const readers: Readonly<Record<string, List>> = {
  stream: (calling, region) => describeInstances(calling, { region, states: ["running", "stopped"] }),
  sdk: (calling, region) =>
    allPages("ec2:DescribeInstances", async (marker) => {
      const filters = [{ Name: "instance-state-name", Values: ["running", "stopped"] }];
      const request = { Filters: filters, MaxResults: 1000, NextToken: marker, IncludeManagedResources: true };
      const { instances, nextToken } = await readPageBySdk(calling, request);
      const from = { action: "ec2:DescribeInstances", region };
      return { items: instances.map((fields) => asInstance(fields, from)), next: nextToken || undefined };
    }),
};

const [reader = "", regions = ""] = process.argv.slice(2);
const list = readers[reader];
if (list === undefined) throw new Error(`no such reader: "${reader}"`);
const session = await openSession({ counts: noCalls() });
const stop = new AbortController().signal;

const started = performance.now();
const counts = await Promise.all(
  regions.split(",").map(async (region) => {
    let count = 0;
    const client = ec2Client(regionalSession(session, region));
    for await (const page of list({ client, stop }, region)) count += page.length;
    return count;
  }),
);
const instances = counts.reduce((sum, count) => sum + count, 0);
process.stdout.write(JSON.stringify({ ms: performance.now() - started, instances }));
