import pLimit from "p-limit";
import { after, end, test } from "tap";
import { hours } from "../../lib/core/time.ts";
import type { Fault } from "../../lib/demo/call-rules.ts";
import { startOfflineAws } from "../../lib/demo/offline-aws.ts";
import { aKey, anAccount, anOrganization, aUser } from "../../lib/demo/scenario/builders.ts";
import type { Account, ReportBehaviour } from "../../lib/demo/state.ts";
import { pointsOf, runKeycheck, statusOf } from "../support/run-executable.ts";
import { storeReport } from "./stored-report.ts";

interface Case {
  readonly name: string;
  readonly report?: Partial<ReportBehaviour>;
  /** What the account already has when the run begins. */
  readonly stored?: (account: Account) => void;
  readonly fault?: Omit<Fault & { readonly kind: "garbage" }, "account">;
  readonly denied?: string;
  readonly argv?: readonly string[];
  readonly want: {
    /** The first cause; undefined for a scan that is whole. */
    readonly missing?: RegExp;
    /** Least and most, in seconds; undefined where there is no report. */
    readonly reportAge?: readonly [number, number];
  };
}

const storedAt = (age: number) => (account: Account) => storeReport(account, Date.now() - age);
const notReady = /^credential report: iam:GetCredentialReport: the report was not ready within 1 s$/;
const soon = ["--report-wait", "1s"];

const whole: readonly Case[] = [
  {
    name: "a report is asked for and polled until it is there",
    report: { pollsUntilComplete: 2 },
    want: { reportAge: [0, 9] },
  },
  {
    name: "a report that is under way for somebody else is waited for",
    stored: (account) => {
      storeReport(account, Date.now());
      account.storedReport = { ...present(account.storedReport), completeFrom: Date.now() + 700 };
    },
    want: { reportAge: [0, 9] },
  },
  {
    name: "a report not four hours old is taken as it is",
    stored: storedAt(hours(3)),
    want: { reportAge: [10_800, 10_860] },
  },
  { name: "a report past four hours is made anew", stored: storedAt(hours(5)), want: { reportAge: [0, 9] } },
  {
    name: "where no new report is granted, the older one is taken with its age",
    report: { refusesGeneration: true },
    stored: storedAt(hours(2)),
    want: { reportAge: [7_200, 7_260] },
  },
];

const missing: readonly Case[] = [
  { name: "a report never ready", report: { generationMs: hours(1) }, argv: soon, want: { missing: notReady } },
  { name: "no report and none granted", report: { refusesGeneration: true }, argv: soon, want: { missing: notReady } },
  {
    name: "an expired report and no other granted",
    report: { refusesGeneration: true },
    stored: storedAt(hours(5)),
    argv: soon,
    want: { missing: notReady },
  },
  {
    name: "a report that may not be asked for",
    denied: "iam:GenerateCredentialReport",
    want: { missing: /^credential report: iam:GenerateCredentialReport: User: \S+ is not authorized to perform/ },
  },
  {
    name: "a report that may not be read",
    denied: "iam:GetCredentialReport",
    want: { missing: /^credential report: iam:GetCredentialReport: User: \S+ is not authorized to perform/ },
  },
  {
    name: "a proxy's page for a report",
    fault: { action: "iam:GetCredentialReport", kind: "garbage" },
    want: {
      missing: /^credential report: iam:GetCredentialReport: HTTP 200 of type "text\/html" is no answer of AWS: /,
    },
  },
  {
    name: "a report without its columns",
    stored: (account) => {
      account.storedReport = { content: "no,report\nat,all", generatedAt: Date.now(), completeFrom: 0, pollsLeft: 0 };
    },
    want: { missing: /^credential report: iam:GetCredentialReport: the report has no column "user"$/ },
  },
  {
    name: "a report that breaks off",
    stored: (account) => {
      storeReport(account, Date.now());
      const { content, ...others } = present(account.storedReport);
      account.storedReport = { ...others, content: content.slice(0, -40) };
    },
    want: { missing: /^credential report: iam:GetCredentialReport: a row has \d+ of \d+ columns$/ },
  },
];

const idOf = (index: number): string => String(100000000000 + index);
const cases = [...whole, ...missing];
const aws = await startOfflineAws({
  scenario: anOrganization({
    accounts: cases.map(({ report = {} }, index) =>
      anAccount({
        id: idOf(index),
        users: [aUser({ name: "ada", keys: [aKey({ ageDays: 200, usedDaysAgo: 3 })] })],
        root: { keys: [aKey()] },
        report,
      }),
    ),
    denials: cases.flatMap(({ denied }, index) =>
      denied === undefined ? [] : [{ action: denied, account: idOf(index) }],
    ),
    faults: cases.flatMap(({ fault }, index) => (fault === undefined ? [] : [{ ...fault, account: idOf(index) }])),
  }),
});
after(() => aws.close());
for (const [index, account] of aws.organization.accounts.entries()) cases[index]?.stored?.(account);

const limit = pLimit(6);
const runs = cases.map(({ argv = [] }, index) => limit(() => runKeycheck(aws, { argv, identity: idOf(index) })));
const reportRuns = cases.map(({ argv = [] }, index) =>
  limit(async () => {
    await runs[index];
    return runKeycheck(aws, { argv: [...argv, "--from-report"], identity: idOf(index) });
  }),
);

for (const [index, { name, want }] of cases.entries()) {
  test(name, async (t) => {
    const run = present(await runs[index]);
    t.equal(run.exitCode, 0);
    const [account] = pointsOf(run, "keycheck_account");
    const [key] = pointsOf(run, "iam");
    t.match(key, { tags: { name: "ada", status: "expired" }, fields: { age: 200 } });
    if (want.reportAge !== undefined) {
      const [least, most] = want.reportAge;
      const age = Number(account?.fields.report_age_s);
      t.ok(age >= least && age <= most, `report_age_s ${age}`);
      t.match(key?.fields, { last_used_days: 3, unused: false });
      t.match(account?.fields, { root_keys: 1 });
      t.match(statusOf(run), { ok: true, partial: false, last_error: undefined });
      t.strictSame(run.stderr, []);
    } else {
      t.match(key?.fields, { last_used_days: undefined, unused: undefined });
      t.match(account?.fields, { report_age_s: undefined, root_keys: undefined });
      t.match(statusOf(run), { ok: true, partial: true, last_error: want.missing });
      t.match(run.stderr, { length: 1, 0: /^W! keycheck: default: partial: credential report: / });
      t.equal(run.stderr.length, 1);
    }
  });

  test(`${name}, where nothing else is read`, async (t) => {
    const run = present(await reportRuns[index]);
    if (want.reportAge !== undefined) {
      t.equal(run.exitCode, 0);
      t.match(
        pointsOf(run, "iam_report").map(({ tags }) => tags.name),
        ["ada", "<root_account>"],
      );
      const { ok, partial, evidence_age_s: age } = statusOf(run);
      t.strictSame({ ok, partial }, { ok: true, partial: false });
      t.ok(Number(age) >= want.reportAge[0], `evidence_age_s ${age}`);
    } else {
      t.equal(run.exitCode, 1);
      t.match(statusOf(run), { ok: false, points: 0, evidence_age_s: undefined });
      t.match(run.stderr, { length: 1, 0: /^E! keycheck: default: iam:\w+CredentialReport: / });
    }
  });
}

function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("nothing there");
  return value;
}

end();
