import { readFileSync } from "node:fs";
import { join } from "node:path";

type ParameterType = "boolean" | "integer" | "number" | "string";

interface MethodRules {
  readonly parameters: Readonly<Record<string, ParameterType>>;
  readonly later?: Readonly<Record<string, ParameterType>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly string[];
  /** Of which the token needs one. */
  readonly scopes: readonly string[];
  readonly errors: readonly string[];
  readonly laterErrors?: readonly string[];
}

interface WebApi {
  readonly commonErrors: readonly string[];
  readonly methods: Readonly<Record<string, MethodRules>>;
}

/** What Slack's own documents say of the methods in use; the file names its sources. */
export const webApi: WebApi = JSON.parse(
  readFileSync(join(import.meta.dirname, "..", "data", "slack", "web-api.json"), "utf8"),
);

/** All that Slack documents for a method. */
export const documentedErrors = (method: string): readonly string[] => {
  const { errors = [], laterErrors = [] } = webApi.methods[method] ?? {};
  return [...new Set([...errors, ...laterErrors, ...webApi.commonErrors])];
};

const forms: Readonly<Record<ParameterType, RegExp>> = {
  boolean: /^(true|false|1|0)$/,
  integer: /^\d+$/,
  number: /^\d+(\.\d+)?$/,
  string: /^/,
};

/** What is wrong with a request, by the documents. */
export function refuseParameters(rules: MethodRules, given: ReadonlyMap<string, string>): readonly string[] {
  const { parameters, later = {}, required = [], oneOf = [] } = rules;
  const known = { ...parameters, ...later };
  const wrong = [...given].flatMap(([name, value]) => {
    const type = known[name];
    if (type === undefined) return [`no such parameter: ${name}`];
    return forms[type].test(value) ? [] : [`${name} is no ${type}: ${value}`];
  });
  const missing = required.filter((name) => !given.has(name)).map((name) => `missing: ${name}`);
  const lacking = oneOf.length > 0 && !oneOf.some((name) => given.has(name)) ? [`none of ${oneOf.join(", ")}`] : [];
  return [...wrong, ...missing, ...lacking];
}

interface AnyBlock {
  readonly type?: unknown;
  readonly text?: unknown;
  readonly fields?: readonly unknown[];
  readonly elements?: readonly unknown[];
}

/** https://docs.slack.dev/reference/block-kit/blocks, as far as our blocks go. */
export function refuseBlocks(blocks: unknown): readonly string[] {
  if (!Array.isArray(blocks)) return ["blocks are no list"];
  const problems = blocks.flatMap((block: AnyBlock, at) => refuseBlock(block).map((says) => `${says} [/blocks/${at}]`));
  return blocks.length > 50 ? [...problems, "more than 50 blocks"] : problems;
}

function refuseBlock({ type, text, fields = [], elements = [] }: AnyBlock): readonly string[] {
  switch (type) {
    case "header":
      return refuseText(text, { longest: 150, types: ["plain_text"] });
    case "section":
      if (fields.length > 10) return ["more than 10 fields"];
      if (text === undefined && fields.length === 0) return ["a section of nothing"];
      return [
        ...(text === undefined ? [] : refuseText(text, { longest: 3000 })),
        ...fields.flatMap((field) => refuseText(field, { longest: 2000 })),
      ];
    case "context":
      if (elements.length === 0 || elements.length > 10) return ["not 1 to 10 elements"];
      return elements.flatMap((element) => refuseText(element, { longest: 3000 }));
    default:
      return [`unsupported type: ${String(type)}`];
  }
}

interface TextRules {
  readonly longest: number;
  readonly types?: readonly string[];
}

function refuseText(object: unknown, { longest, types = ["plain_text", "mrkdwn"] }: TextRules): readonly string[] {
  const { type, text, emoji, verbatim, ...others } = Object(object);
  const problems: string[] = [];
  if (!types.includes(type)) problems.push(`a text of type ${type}`);
  if (typeof text !== "string" || text.length === 0) problems.push("must be more than 0 characters");
  else if ([...text].length > longest) problems.push(`must be less than ${longest + 1} characters`);
  if (emoji !== undefined && type !== "plain_text") problems.push("emoji goes with plain_text alone");
  if (verbatim !== undefined && type !== "mrkdwn") problems.push("verbatim goes with mrkdwn alone");
  if (Object.keys(others).length > 0) problems.push(`no such field: ${Object.keys(others).join()}`);
  return problems;
}
