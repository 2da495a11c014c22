import { GenerateCredentialReportCommand, GetCredentialReportCommand, type IAMClient } from "@aws-sdk/client-iam";
import { test } from "tap";
import { days, hours, minutes, parseInstant } from "../../lib/core/time.ts";
import { aKey, anAccount, anOrganization, aUser } from "../../lib/demo/scenario/builders.ts";
import { declaredError, startOffline } from "./offline-clients.ts";

const start = parseInstant("2026-03-01T12:00:00Z") ?? 0;

const generate = async (iam: IAMClient) => (await iam.send(new GenerateCredentialReportCommand({}))).State;

const read = async (iam: IAMClient): Promise<string> =>
  Buffer.from((await iam.send(new GetCredentialReportCommand({}))).Content ?? []).toString();

const scenario = (said: Parameters<typeof anAccount>[0]) => anOrganization({ accounts: [anAccount(said)] });

test("a report starts, is in progress as long as told, and completes", async (t) => {
  const { iam } = await startOffline(t, {
    scenario: scenario({ report: { pollsUntilComplete: 2 } }),
    now: () => start,
  });
  t.match(await declaredError(read(iam)), { name: "CredentialReportNotPresentException", status: 410 });
  t.equal(await generate(iam), "STARTED");
  t.match(await declaredError(read(iam)), { name: "CredentialReportNotReadyException", status: 404 });
  t.equal(await generate(iam), "INPROGRESS");
  t.equal(await generate(iam), "COMPLETE");
  t.match(await iam.send(new GetCredentialReportCommand({})), {
    ReportFormat: "text/csv",
    GeneratedTime: new Date(start),
  });
});

test("a report may take its time", async (t) => {
  let now = start;
  const report = { pollsUntilComplete: 0, generationMs: 3000 };
  const { iam } = await startOffline(t, { scenario: scenario({ report }), now: () => now });
  t.equal(await generate(iam), "STARTED");
  now = start + 2999;
  t.equal(await generate(iam), "INPROGRESS");
  now = start + 3000;
  t.equal(await generate(iam), "COMPLETE");
});

test("a report is reused for four hours, whatever changes, and then expires", async (t) => {
  let now = start;
  const users = [aUser({ name: "ada", keys: [aKey()] })];
  const { iam, aws } = await startOffline(t, {
    scenario: scenario({ users, report: { pollsUntilComplete: 0 } }),
    now: () => now,
  });
  await generate(iam);
  const before = await read(iam);
  aws.organization.accounts[0]?.users.remove("ada");
  now = start + hours(4);
  t.equal(await generate(iam), "COMPLETE");
  t.equal(await read(iam), before);
  now += minutes(1);
  t.match(await declaredError(read(iam)), { name: "CredentialReportExpiredException", status: 410 });
  t.equal(await generate(iam), "STARTED");
  t.notMatch(await read(iam), "ada");
});

test("generation may be refused", async (t) => {
  const { iam, aws } = await startOffline(t, { scenario: scenario({ report: { refusesGeneration: true } }) });
  t.match(await declaredError(generate(iam)), { name: "LimitExceededException", status: 409 });
  const [account] = aws.organization.accounts;
  if (account) account.report.refusesGeneration = false;
  t.equal(await generate(iam), "STARTED");
});

const header =
  "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active," +
  "access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service," +
  "access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service," +
  "cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated";

test("its rows are AWS's", async (t) => {
  const users = [
    aUser({
      name: "Bob,with=comma",
      path: '/a"b/',
      ageDays: 60,
      password: { changedDaysAgo: 50 },
      keys: [
        aKey({ id: "AKIA2222222222222222", ageDays: 20, status: "Inactive", rotatedDaysAgo: "N/A" }),
        aKey({ id: "AKIAA222222222222222", ageDays: 30, usedDaysAgo: 1, usedService: "ec2", usedRegion: "eu-west-1" }),
      ],
    }),
    aUser({ name: "ada", ageDays: 60, hasMfa: true, keys: [aKey({ ageDays: 9, rotatedDaysAgo: 4 })] }),
  ];
  const root = { ageDays: 500, passwordUsedDaysAgo: 10, keys: [aKey({ ageDays: 400 })] };
  const { iam } = await startOffline(t, {
    scenario: scenario({ users, root, report: { pollsUntilComplete: 0 } }),
    now: () => start,
  });
  await generate(iam);
  const at = (daysAgo: number) => new Date(start - days(daysAgo)).toISOString().replace(".000Z", "+00:00");
  const noKey = "false,N/A,N/A,N/A,N/A";
  const noCertificates = "false,N/A,false,N/A";
  t.strictSame((await read(iam)).split("\n"), [
    header,
    `<root_account>,arn:aws:iam::111122223333:root,${at(500)},not_supported,${at(10)},not_supported,not_supported,true,true,${at(400)},N/A,N/A,N/A,${noKey},${noCertificates}`,
    `ada,arn:aws:iam::111122223333:user/ada,${at(60)},false,N/A,N/A,N/A,true,true,${at(4)},N/A,N/A,N/A,${noKey},${noCertificates}`,
    `"Bob,with=comma","arn:aws:iam::111122223333:user/a""b/Bob,with=comma",${at(60)},true,no_information,${at(50)},N/A,false,false,N/A,N/A,N/A,N/A,true,${at(30)},${at(1)},eu-west-1,ec2,${noCertificates}`,
  ]);
});

test("a third key shows only in the additional column, where there is one", async (t) => {
  const users = [aUser({ name: "race", keys: [aKey(), aKey(), aKey()] }), aUser({ name: "usual" })];
  const report = { pollsUntilComplete: 0, hasAdditionalCredentialsColumn: true, zone: "Z" } as const;
  const { iam } = await startOffline(t, { scenario: scenario({ users, report }), now: () => start });
  await generate(iam);
  const [head, root, race, usual] = (await read(iam)).split("\n");
  t.equal(head, `${header},additional_credentials_info`);
  t.match(root, /,N\/A$/);
  t.match(race, /,1 additional access keys\./);
  t.match(usual, /^usual,[^,]+,\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ,.*,N\/A$/);
});

test("a report that quotes nothing leaves commas in names bare", async (t) => {
  const report = { pollsUntilComplete: 0, quotesFields: false };
  const { iam } = await startOffline(t, { scenario: scenario({ users: [aUser({ name: "a,b" })], report }) });
  await generate(iam);
  t.match(await read(iam), /\na,b,arn:aws:iam::111122223333:user\/a,b,/);
});
