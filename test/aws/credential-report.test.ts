import { test } from "tap";
import { iamClient } from "../../lib/aws/client/iam.ts";
import { pauses, readCredentialReport } from "../../lib/aws/read/credential-report.ts";
import { hours, parseInstant, seconds } from "../../lib/core/time.ts";
import { startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { anAccount, anOrganization } from "../../lib/demo/scenario/builders.ts";
import { openOfflineSession } from "../support/offline-session.ts";
import { storeReport } from "../wire/stored-report.ts";

const cases = [
  { name: "growing, and no longer than asked for", waiting: { patience: seconds(20) }, want: [0.5, 1, 2, 4, 8, 4.5] },
  { name: "no patience still asks once", waiting: { patience: 0 }, want: [0] },
  { name: "counted polls are few and far", waiting: { patience: seconds(45), polls: 2 }, want: [3, 20] },
  { name: "counted polls end with the patience", waiting: { patience: seconds(5), polls: 2 }, want: [3, 2] },
  { name: "a short patience leaves one of them", waiting: { patience: seconds(2), polls: 2 }, want: [2] },
];

for (const { name, waiting, want } of cases) {
  test(`pauses between polls: ${name}`, async (t) => t.strictSame(pauses(waiting), want.map(seconds)));
}

const now = parseInstant("2026-03-01T12:00:00Z") ?? 0;
const [generate, get] = ["iam:GenerateCredentialReport", "iam:GetCredentialReport"];

const requests = [
  { name: "one that is there is read by one call", age: hours(3), calls: { [get]: 1 } },
  { name: "one that is not there is asked for", age: undefined, calls: { [get]: 2, [generate]: 1 } },
  { name: "one that IAM calls expired is asked for anew", age: hours(5), calls: { [get]: 2, [generate]: 1 } },
  {
    name: "one that is too old by our clock alone is asked for anew",
    age: hours(3),
    ahead: hours(1),
    calls: { [get]: 2, [generate]: 1 },
  },
  {
    name: "where polls are counted, none is spent on one that may not be there",
    age: hours(3),
    polls: 2,
    calls: { [get]: 1, [generate]: 1 },
  },
];

for (const { name, age, ahead = 0, polls, calls } of requests) {
  test(`a credential report: ${name}`, async (t) => {
    const report = { generationMs: 0, pollsUntilComplete: 0 };
    const aws = await startOfflineAws({
      scenario: anOrganization({ accounts: [anAccount({ report })] }),
      now: () => now,
    });
    t.teardown(() => aws.close());
    for (const account of aws.organization.accounts) if (age !== undefined) storeReport(account, now - age);
    const iam = { client: iamClient(openOfflineSession(t, aws)), stop: new AbortController().signal };
    const waiting = { now: now + ahead, patience: seconds(2), ...(polls !== undefined && { polls }) };
    const { generatedAt } = await readCredentialReport(iam, waiting);
    t.equal(generatedAt, age === undefined || age > hours(4) ? now : now - age);
    t.strictSame(aws.calls(), calls);
  });
}
