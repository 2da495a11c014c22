/**
 * A small reading of how IAM judges a request by policies, of the operators that ours use. What it does not know it throws
 * at. After the IAM User Guide: "Policy evaluation logic" (a denial beats all that allow, and what nothing allows is denied),
 * "IAM JSON policy elements: Condition operators" and "Single-valued vs. multivalued context keys".
 */

type OneOrMany = string | readonly string[];

interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action: OneOrMany;
  /** A role's trust policy has none. */
  readonly Resource?: OneOrMany;
  /** Of a resource's policy alone. */
  readonly Principal?: "*" | Readonly<Record<string, OneOrMany>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMany>>>>;
}

export interface Policy {
  readonly Version?: string;
  readonly Statement: readonly Statement[];
}

export interface PolicyRequest {
  readonly action: string;
  readonly resource: string;
  /** `AWS` or `Service`, and who; needed by policies of resources. */
  readonly principal?: readonly [kind: string, name: string];
  /** A list is a key of many values; absent is what the request has not. */
  readonly context?: Readonly<Record<string, OneOrMany | undefined>>;
}

export type Verdict = "allowed" | "denied" | "not allowed";

export function evaluatePolicies(policies: readonly Policy[], request: PolicyRequest): Verdict {
  const fitting = policies.flatMap(({ Statement }) => Statement).filter((statement) => isMeant(statement, request));
  if (fitting.some(({ Effect }) => Effect === "Deny")) return "denied";
  return fitting.length > 0 ? "allowed" : "not allowed";
}

const known = new Set(["Sid", "Effect", "Action", "Resource", "Principal", "Condition"]);

function isMeant(statement: Statement, { action, resource, principal, context = {} }: PolicyRequest): boolean {
  const strange = Object.keys(statement).filter((element) => !known.has(element));
  if (strange.length > 0) throw new Error(`unknown elements: ${strange.join(", ")}`);
  const { Action, Resource = "*", Principal, Condition = {} } = statement;
  return (
    listOf(Action).some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
    listOf(Resource).some((pattern) => pattern === "*" || matchesArn(pattern, resource)) &&
    (Principal === undefined || isPrincipal(Principal, principal)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, listOf(wanted), lookUp(context, key))),
    )
  );
}

function isPrincipal(wanted: NonNullable<Statement["Principal"]>, who: PolicyRequest["principal"]): boolean {
  if (wanted === "*") return true;
  if (who === undefined) throw new Error("a policy of a resource asks who");
  const [kind, name] = who;
  return listOf(wanted[kind] ?? []).some((one) => one === "*" || one === name || accountIn(one) === name.split(":")[4]);
}

/** An account is named by its root, or by its id alone, and stands for all in it. */
const accountIn = (principal: string): string | undefined =>
  /^(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/.exec(principal)?.[1];

/** Names of context keys have no letter case. */
const lookUp = (context: NonNullable<PolicyRequest["context"]>, key: string): OneOrMany | undefined =>
  Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];

const comparisons: Readonly<Record<string, (pattern: string, value: string) => boolean>> = {
  StringEquals: (pattern, value) => pattern === value,
  StringLike: (pattern, value) => matches(pattern, value),
  ArnEquals: (pattern, value) => matchesArn(pattern, value),
  ArnLike: (pattern, value) => matchesArn(pattern, value),
  Bool: (pattern, value) => pattern.toLowerCase() === value.toLowerCase(),
};

function holds(operator: string, wanted: readonly string[], value: OneOrMany | undefined): boolean {
  if (operator === "Null") return wanted.includes(String(value === undefined || value.length === 0));
  const [qualifier, name = ""] = operator.includes(":") ? operator.split(":") : [undefined, operator];
  const isNegated = name.includes("Not");
  const compare = comparisons[name.replace("Not", "")];
  if (compare === undefined) throw new Error(`unknown operator ${operator}`);
  // One of several values that are wanted is enough; to be none of them it must differ from all.
  const fits = (one: string) => wanted.some((pattern) => compare(pattern, one)) !== isNegated;
  const values = value === undefined ? [] : listOf(value);
  // Also true of no values at all, which is what makes it unfit to allow anything by itself.
  if (qualifier === "ForAllValues") return values.every(fits);
  if (qualifier === "ForAnyValue") return values.some(fits);
  if (Array.isArray(value)) throw new Error(`${operator} asks a key of many values without a qualifier`);
  // A key that is not there fits nothing, and so differs from everything.
  return value === undefined ? isNegated : values.every(fits);
}

const listOf = (said: OneOrMany): readonly string[] => (typeof said === "string" ? [said] : said);

/** Part by part: no wildcard reaches over a colon of the first five. */
function matchesArn(pattern: string, arn: string): boolean {
  const [patterns, parts] = [pattern, arn].map(partsOf);
  return patterns?.length === parts?.length && (patterns ?? []).every((one, at) => matches(one, parts?.[at] ?? ""));
}

function partsOf(arn: string): readonly string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}

const matches = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    "s",
  ).test(text);
