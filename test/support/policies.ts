import fc from "fast-check";
import { type Catalogue, readCatalogue } from "../../lib/policy/catalogue.ts";
import { parsePolicy } from "../../lib/policy/parse-policy.ts";
import type { Policy } from "../../lib/policy/policy.ts";

/** A catalogue of just these actions, all of them to read with. */
export function catalogueOf(...names: readonly string[]): Catalogue {
  const services: Record<string, { Read: string }> = {};
  for (const name of names) {
    const [service = "", action = ""] = name.split(":");
    services[service] = { Read: `${services[service]?.Read ?? ""} ${action}` };
  }
  return readCatalogue({ source: "a test", date: "2026-01-02", services });
}

export const s3 = catalogueOf(
  ...["s3:Get", "s3:GetObject", "s3:GetObjectAcl", "s3:GetObjects", "s3:ListBucket", "s3:PutObject", "s3:PutObjectAcl"],
  ...["ec2:GetImage", "ec2:RunInstances", "s3-tables:GetTable"],
);

type Json = Readonly<Record<string, unknown>>;

export const allow = (action: string | readonly string[], more: Json = {}): Json => ({
  Effect: "Allow",
  Action: action,
  Resource: "*",
  ...more,
});

export const documentOf = (...statements: readonly Json[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

export function policyFrom(text: string, name?: string): Policy {
  const parsed = parsePolicy(text, name);
  if (!parsed.ok) throw new Error(`${text}: ${JSON.stringify(parsed.problems)}`);
  return parsed.policy;
}

export const policyOf = (...statements: readonly Json[]): Policy => policyFrom(documentOf(...statements));

/** A glob as the machine's regular expressions read it. */
export function toRegExp(glob: string): RegExp {
  const source = glob
    .replace(/[\\^$.+()[\]{}|]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "is");
}

/** Those of the names that one of the globs matches. */
export function matching(globs: readonly string[], names: readonly string[]): readonly string[] {
  const folded = globs.map((glob) => glob.toLowerCase());
  return names.filter((name) => {
    const letters = name.toLowerCase();
    return folded.some((glob) => accepts(glob, letters, 0, 0));
  });
}

function accepts(glob: string, name: string, at: number, from: number): boolean {
  if (at === glob.length) return from === name.length;
  if (glob[at] === "*")
    return accepts(glob, name, at + 1, from) || (from < name.length && accepts(glob, name, at, from + 1));
  const isSame = from < name.length && (glob[at] === "?" || glob[at] === name[from]);
  return isSame && accepts(glob, name, at + 1, from + 1);
}

const words = ["Get", "Object", "Acl", "s"];
const actionNames = [
  ...words,
  ...words.flatMap((one) => words.map((two) => one + two)),
  ...words.flatMap((one) => words.map((two) => `Get${one}${two}`)),
];
const serviceNames = ["s3", "ec2", "a", "a-b"];

const spellings: readonly ((text: string) => string)[] = [
  ...[(text: string) => text, (text: string) => text, (text: string) => text],
  ...[(text: string) => text.toUpperCase(), (text: string) => text.toLowerCase()],
];
const spelling = fc.constantFrom(...spellings);
const service = fc.constantFrom(...serviceNames);

const knownName = fc
  .record({ service, action: fc.constantFrom(...actionNames), spell: spelling })
  .map(({ service, action, spell }) => `${service}:${spell(action)}`);

/** Names of actions, of which many are the beginning of others; no two differ in case alone. */
export const actionsArb = (most: number): fc.Arbitrary<readonly string[]> =>
  fc.uniqueArray(knownName, { minLength: 1, maxLength: most, selector: (name) => name.toLowerCase() });

interface Parts {
  readonly service: string;
  readonly action: string;
  readonly from: number;
  readonly to: number;
}

const forms: readonly ((parts: Parts) => string)[] = [
  () => "*",
  ({ service }) => `${service}:**`,
  ({ service }) => `${service}:*`,
  ({ service, action }) => `${service}:${action}`,
  ({ service, action, to }) => `${service}:${action.slice(0, to)}*`,
  ({ service, action, to }) => `${service}:${action.slice(0, to + 3)}*`,
  ({ service, action, from }) => `${service}:*${action.slice(from)}`,
  ({ service, action, from, to }) => `${service}:*${action.slice(from, from + to + 1)}*`,
  ({ service, action, from }) => `${service}:${action.slice(0, from)}?${action.slice(from + 1)}`,
  ({ service, action, from, to }) => `${service}:${action.slice(0, from)}${"?".repeat(to + 1)}*`,
  ({ action, to }) => `*:${action.slice(0, to)}*`,
  ({ service, action }) => `${service.slice(0, -1)}?:${action}`,
  ({ service, to }) => `${service.slice(0, 1)}*:Get${"?".repeat(to)}*`,
  ({ action }) => `new:${action}*`,
  ({ service, action }) => `${service}:Unheard${action}`,
];

/** Patterns as people write them, and some that nobody does; some match nothing. */
export const patternArb: fc.Arbitrary<string> = fc
  .record({
    ...{ form: fc.constantFrom(...forms), spell: spelling, service },
    ...{ action: fc.constantFrom(...actionNames), from: fc.nat(4), to: fc.nat(4) },
  })
  .map(({ form, spell, ...parts }) => spell(form(parts)));

/** What may be asked to be taken: patterns, and services alone. */
export const entriesArb: fc.Arbitrary<readonly string[]> = fc.array(
  fc.oneof({ weight: 3, arbitrary: patternArb }, { weight: 2, arbitrary: knownName }, service, fc.constant("none")),
  { maxLength: 4 },
);
