import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";

interface Parameter {
  readonly name: string;
  readonly in: "path" | "query";
  readonly schema: { readonly type?: string; readonly items?: { readonly type?: string } };
}

interface Operation {
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: { readonly "application/json": { readonly schema: object } } };
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

export interface SeenRequest {
  readonly method: string;
  /** Without what stands before `/rest`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

const load = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../data/jira/${name}`, import.meta.url), "utf8"));

const files = { cloud: "cloud-v3.json", server: "server-v2.json" } as const;

type Judge = (request: SeenRequest) => readonly string[];

const judges = new Map<keyof typeof files, Judge>();

/** Says what in a request Atlassian's description does not know: nothing, where it is as described. */
export function describeJira(kind: keyof typeof files): Judge {
  const judge = judges.get(kind) ?? readDescription(kind);
  judges.set(kind, judge);
  return judge;
}

function readDescription(kind: keyof typeof files): Judge {
  // The files are ours, and of this shape.
  const { paths, components } = load(files[kind]) as Description;
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const schemas = closed(components.schemas);
  const bodies = new Map<Operation, ValidateFunction>();
  for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    if (operation.requestBody === undefined) continue;
    const { schema } = operation.requestBody.content["application/json"];
    bodies.set(operation, ajv.compile({ ...schema, components: { schemas } }));
  }
  return ({ method, path, query, body }) => {
    const operation = Object.entries(paths).find(([template]) => fits(template, path))?.[1][method.toLowerCase()];
    if (operation === undefined) return [`no operation ${method} ${path}`];
    return [...wrongParameters(operation, query), ...wrongBody(bodies.get(operation), body)];
  };
}

const fits = (template: string, path: string): boolean =>
  new RegExp(`^${template.replace(/\{[^}]+\}/g, "[^/]+")}$`).test(path);

function wrongParameters({ parameters }: Operation, query: URLSearchParams): readonly string[] {
  return [...query].flatMap(([name, value]) => {
    const known = parameters.find((parameter) => parameter.in === "query" && parameter.name === name);
    if (known === undefined) return [`no parameter ${name}`];
    const { type = "string", items } = known.schema;
    const values = type === "array" ? value.split(",") : [value];
    return values.every((one) => isOf(items?.type ?? type, one)) ? [] : [`parameter ${name}=${value} is no ${type}`];
  });
}

function isOf(type: string, value: string): boolean {
  if (type === "integer") return /^\d+$/.test(value);
  return type === "boolean" ? value === "true" || value === "false" : value !== "";
}

function wrongBody(validate: ValidateFunction | undefined, body: unknown): readonly string[] {
  if (validate === undefined) return body === undefined ? [] : ["a body where none is described"];
  if (validate(body)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `body${instancePath} ${message}`);
}

/** Described members only, and none that is for answers alone; Atlassian's description leaves most objects open. */
function closed<Value>(schema: Value): Value {
  if (Array.isArray(schema)) return schema.map(closed) as Value;
  if (typeof schema !== "object" || schema === null) return schema;
  const copy: Record<string, unknown> = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, closed(value)]),
  );
  if (typeof copy.properties === "object" && copy.properties !== null && copy.type === "object") {
    const writable = Object.entries(copy.properties).filter(([, property]) => property.readOnly !== true);
    return { ...copy, properties: Object.fromEntries(writable), additionalProperties: false } as Value;
  }
  return copy as Value;
}

// An object; Ajv 8 does not know draft-04 by name, though what the schema uses of it has not changed since.
const { $schema: _, ...documentSchema } = load("adf-v1.json") as Readonly<Record<string, unknown>>;
const isDocument = new Ajv({ strict: false }).compile(documentSchema);

/** What in a value is no Atlassian Document, or none of the kind we send. */
export const wrongInDocument = (value: unknown): readonly string[] =>
  isDocument(value) ? [] : (isDocument.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
