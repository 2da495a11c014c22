import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "tap";
import { neverReported, neverReportedAsOf } from "../../lib/policy/never-reported.ts";

interface Catalogue {
  readonly services: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const { services }: Catalogue = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../lib/policy/catalogue.json"), "utf8"),
);
const actions = Object.entries(services).flatMap(([service, levels]) =>
  Object.values(levels).flatMap((names) => names.split(" ").map((name) => `${service}:${name}`)),
);

test("each row matches actions that there are, as AWS spells them", async (t) => {
  for (const { action } of neverReported) {
    const glob = new RegExp(`^${action.replaceAll("*", ".*")}$`);
    t.ok(
      actions.some((known) => glob.test(known)),
      action,
    );
  }
});

test("each row is of letters, digits, dashes and stars, and no service is covered whole that AWS can see", async (t) => {
  for (const { action } of neverReported) t.match(action, /^([a-z0-9-]+|\*):[A-Za-z]*\*?[A-Za-z]*\*?$/);
  const whole = neverReported.map(({ action }) => action).filter((action) => action.endsWith(":*"));
  t.strictSame(whole.sort(), ["execute-api:*", "kafka-cluster:*", "neptune-db:*", "vpc-lattice-svcs:*"]);
});

test("each row says why, and where AWS says it", async (t) => {
  for (const { action, because, source } of neverReported) {
    t.match(because, /^[A-Za-z].+[^.]$/, action);
    t.match(new URL(source), { protocol: "https:", hostname: "docs.aws.amazon.com", pathname: /\.html$/ }, action);
  }
  t.match(
    neverReported.find(({ action }) => action === "fsx:*ResourcePolicy"),
    { source: "https://docs.aws.amazon.com/service-authorization/latest/reference/list_fsx.html" },
  );
});

test("no action stands in two rows", async (t) => {
  const globs = neverReported.map(({ action }) => new RegExp(`^${action.replaceAll("*", ".*")}$`));
  const twice = actions.filter((action) => globs.filter((glob) => glob.test(action)).length > 1);
  t.strictSame(twice, []);
});

test("only what a service does with a role of its own is bound to roles that trust it", async (t) => {
  const bound = neverReported.flatMap(({ trustedBy }) => trustedBy ?? []);
  t.strictSame([...new Set(bound)].sort(), ["fis.amazonaws.com", "lambda.amazonaws.com"]);
});

test("iam:PassRole is kept of any role", async (t) => {
  t.strictSame(
    neverReported.filter(({ action }) => action === "iam:PassRole").map(({ trustedBy }) => trustedBy),
    [undefined],
  );
});

test("the table has a day", async (t) => {
  t.match(neverReportedAsOf, /^\d{4}-\d{2}-\d{2}$/);
  t.equal(new Date(neverReportedAsOf).toISOString().slice(0, 10), neverReportedAsOf);
});
