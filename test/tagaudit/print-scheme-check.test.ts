import { test } from "tap";
import { printSchemeCheck } from "../../lib/tagaudit/print-scheme-check.ts";

const origins = {
  checkScheme: { source: "flag", where: "flag --check-scheme" },
  against: { source: "flag", where: "flag --against" },
} as const;

const instance = {
  ...{ InstanceId: "i-0123456789abcdef0", InstanceType: "m5.large", LaunchTime: "2026-03-01T12:00:00+00:00" },
  ...{ Placement: { AvailabilityZone: "eu-west-1a" }, State: { Name: "running" }, Tags: [] },
};

const files: Readonly<Record<string, string>> = {
  "scheme.yaml": "tags:\n  owner:\n",
  "slip.yaml": "tgas:\n  owner:\n",
  "inventory.json": JSON.stringify({ Reservations: [{ Instances: [instance] }] }),
  "other.json": "[]",
};

async function readFile(path: string): Promise<string> {
  const text = files[path];
  if (text === undefined) throw new Error("no such file");
  return text;
}

const check = (checkScheme: string | undefined, against?: string) =>
  printSchemeCheck({ checkScheme, against }, origins, { readFile, now: Date.UTC(2026, 2, 2) });

test("nothing where it is not asked for", async (t) => t.equal(await check(undefined), undefined));

test("a scheme alone is shown as it is understood", async (t) => {
  t.match(await check("scheme.yaml"), { text: /owner/ });
  t.notMatch(await check("scheme.yaml"), { text: /i-0123456789abcdef0/ });
});

test("held against an inventory, what it would find", async (t) =>
  t.match(await check("scheme.yaml", "inventory.json"), { text: /i-0123456789abcdef0[\s\S]*in violation: 1/ }));

test("what is wrong with either file is said at once, with its place", async (t) => {
  const { problems } = Object(await check("slip.yaml", "other.json"));
  t.match(problems.at(0), /^file slip\.yaml line 1/);
  t.match(problems.at(-1), /^file other\.json line 1/);
  t.match(await check("scheme.yaml", "absent.json"), { problems: { length: 1, 0: /absent\.json/ } });
});
