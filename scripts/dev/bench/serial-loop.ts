import { iamClient } from "../../../lib/aws/client/iam.ts";
import { listAccessKeys, listUsers } from "../../../lib/aws/read/iam.ts";
import { openSession } from "../../../lib/aws/session.ts";
import { noCalls } from "../../../lib/core/call-counts.ts";

// The original's loop: one user after the other. It prints the milliseconds of the loop alone, start-up left out.
const iam = {
  client: iamClient(await openSession({ counts: noCalls() })),
  stop: new AbortController().signal,
};
const started = performance.now();
for await (const page of listUsers(iam)) for (const { name } of page) await listAccessKeys(iam, name);
process.stdout.write(String(performance.now() - started));
