import { test } from "tap";
import { parseCredentialReport } from "../../lib/aws/read/parse-credential-report.ts";
import { at } from "../support/keycheck-records.ts";

const head =
  "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active," +
  "access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service," +
  "access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service," +
  "cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated";

const tail =
  "2025-01-02T03:04:05+00:00,false,N/A,N/A,N/A,false," +
  "true,2025-02-03T04:05:06+00:00,2026-01-01T00:15:00+00:00,us-east-1,s3,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A";

const arn = (pathAndName: string) => `arn:aws:iam::123456789012:user/${pathAndName}`;
const made = at("2026-03-01T00:00:00Z");
const read = (...lines: string[]) => parseCredentialReport([head, ...lines, ""].join("\n"), made);

test("dates, flags and N/A", async (t) => {
  t.strictSame(read(`ada,${arn("ada")},${tail}`).rows.get("ada"), {
    user: "ada",
    arn: arn("ada"),
    createdAt: at("2025-01-02T03:04:05Z"),
    slots: [
      { active: true, lastRotatedAt: at("2025-02-03T04:05:06Z"), lastUsedAt: at("2026-01-01T00:15:00Z") },
      { active: false, lastRotatedAt: undefined, lastUsedAt: undefined },
    ],
    additionalCredentials: undefined,
  });
});

test("the root user is no IAM user", async (t) => {
  const report = read(`<root_account>,arn:aws:iam::123456789012:root,${tail}`, `ada,${arn("ada")},${tail}`);
  t.strictSame([...report.rows.keys()], ["ada"]);
  t.equal(report.root?.user, "<root_account>");
  t.equal(report.root?.slots[0].active, true);
  t.equal(report.generatedAt, made);
});

test("a report without the root user", async (t) => {
  t.equal(read(`ada,${arn("ada")},${tail}`).root, undefined);
});

const unreadable = [
  { name: "a flag", from: "true,2025-02-03", to: "yes,2025-02-03", message: /"yes" is neither true nor false/ },
  { name: "a last use", from: "2026-01-01T00:15:00+00:00", to: "yesterday", message: /"yesterday" is no date/ },
  { name: "an empty last use", from: "2026-01-01T00:15:00+00:00", to: "", message: /"" is no date/ },
] as const;

for (const { name, from, to, message } of unreadable) {
  test(`${name} that can't be read is an error, not a key that is off or was never used`, async (t) => {
    t.throws(() => read(`ada,${arn("ada")},${tail}`.replace(from, to)), { message });
  });
}

test("flags in capitals and the words for no date are read", async (t) => {
  const row = read(`ada,${arn("ada")},${tail.replace("true", "TRUE").replace("N/A", "no_information")}`).rows.get(
    "ada",
  );
  t.equal(row?.slots[0].active, true);
});

const additional = [
  { name: "words", cell: "1 more", want: "1 more" },
  { name: "words with commas of their own", cell: "one, two, three", want: "one, two, three" },
  { name: "quoted words", cell: '"one, two"', want: "one, two" },
  { name: "nothing", cell: "N/A", want: undefined },
  { name: "an empty cell", cell: "", want: undefined },
] as const;

for (const { name, cell, want } of additional) {
  test(`${name} about credentials beyond the slots shift nothing`, async (t) => {
    const wide = `${head},additional_credentials_info`;
    const user = cell.startsWith('"') ? `"a,b","${arn("a,b")}"` : `a,b,${arn("a,b")}`;
    const row = parseCredentialReport(`${wide}\n${user},${tail},${cell}`, made).rows.get("a,b");
    t.equal(row?.arn, arn("a,b"));
    t.equal(row?.slots[0].active, true);
    t.equal(row?.additionalCredentials, want);
  });
}

const names = [
  { name: "a comma in the name", line: `a,b,${arn("a,b")},${tail}`, user: "a,b", arn: arn("a,b") },
  {
    name: "several commas and an equals sign",
    line: `,a,,=,${arn(",a,,=")},${tail}`,
    user: ",a,,=",
    arn: arn(",a,,="),
  },
  { name: "a comma in the path only", line: `ada,${arn("x,y/ada")},${tail}`, user: "ada", arn: arn("x,y/ada") },
  {
    name: "an ARN's beginning in the path",
    line: `ada,${arn("x,arn:y/ada")},${tail}`,
    user: "ada",
    arn: arn("x,arn:y/ada"),
  },
  { name: "quoted cells", line: `"a,b","${arn("a,b")}",${tail}`, user: "a,b", arn: arn("a,b") },
  {
    name: "a quote in the path, doubled",
    line: `"ada","${arn('x""y/ada')}",${tail}`,
    user: "ada",
    arn: arn('x"y/ada'),
  },
] as const;

for (const { name, line, user, arn } of names) {
  test(name, async (t) => {
    const row = read(line).rows.get(user);
    t.equal(row?.arn, arn);
    t.equal(row?.createdAt, at("2025-01-02T03:04:05Z"));
    t.equal(row?.slots[0].lastUsedAt, at("2026-01-01T00:15:00Z"));
  });
}

test("columns are found by name, so AWS may add some anywhere", async (t) => {
  const wider = [
    `user,arn,novelty${head.slice("user,arn".length)},additional_credentials`,
    `ada,${arn("ada")},x,${tail},2`,
  ].join("\r\n");
  const row = parseCredentialReport(wider, made).rows.get("ada");
  t.equal(row?.slots[0].active, true);
  t.equal(row?.additionalCredentials, "2");
});

test("a missing column is an error, not an account without keys", async (t) => {
  t.throws(() => parseCredentialReport(head.replace("access_key_2_active", "renamed"), made), {
    message: 'iam:GetCredentialReport: the report has no column "access_key_2_active"',
  });
  t.throws(() => parseCredentialReport("", made), { message: /no column "user"/ });
});

test("a row that breaks off is an error, not a user without keys", async (t) => {
  t.throws(() => read(`ada,${arn("ada")},2025-01-02T03:04:05+00:00,true`), {
    message: "iam:GetCredentialReport: a row has 4 of 22 columns",
  });
});
