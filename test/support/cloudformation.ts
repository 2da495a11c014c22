import { type CollectionTag, parseDocument, type ScalarTag, visit, YAMLMap, YAMLSeq } from "yaml";

/** A small reading of CloudFormation templates, of the functions that ours uses. What it does not know it throws at. */

export interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

export interface Template {
  readonly Parameters: Readonly<Record<string, { readonly Type: string; readonly Default?: string }>>;
  readonly Conditions: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, unknown>>;
}

/** A function's short form as its long one: `!Ref X` as `{ Ref: X }`, `!If [...]` as `{ "Fn::If": [...] }`. */
const longName = (name: string): string => (name === "Ref" ? name : `Fn::${name}`);

const scalarTags = ["Ref", "GetAtt", "Sub"].map(
  (name): ScalarTag => ({ tag: `!${name}`, resolve: (text) => ({ [longName(name)]: text }) }),
);

const listTags = ["If", "Not", "Equals", "Join"].map(
  (name): CollectionTag => ({
    ...{ tag: `!${name}`, collection: "seq", nodeClass: YAMLSeq },
    resolve(list) {
      const map = new YAMLMap();
      map.set(longName(name), list);
      return map;
    },
  }),
);

export function parseTemplate(text: string): Template {
  const document = parseDocument(text, { customTags: [...scalarTags, ...listTags] });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw problem;
  visit(document, {
    Alias(_key, { source }) {
      throw new Error(`CloudFormation takes no aliases of YAML: *${source}`);
    },
  });
  return document.toJS();
}

/** Every function that a template calls, with what it is given. */
export function callsIn(part: unknown): readonly (readonly [name: string, given: unknown])[] {
  if (typeof part !== "object" || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) => [
    ...(isFunction(key) && !Array.isArray(part) ? [[key, value] as const] : []),
    ...callsIn(value),
  ]);
}

const isFunction = (key: string): boolean => key === "Ref" || key.startsWith("Fn::");

/** Names in a text of `Fn::Sub`. */
export const namesIn = (text: unknown): readonly string[] =>
  [...String(text).matchAll(/\$\{([\w:.]+)\}/g)].map(([, name = ""]) => name);

export interface Stack {
  readonly parameters: Readonly<Record<string, string>>;
  /** What `Ref` and `GetAtt` answer of a resource. */
  readonly attribute: (resource: string, attribute: string | undefined) => string;
}

const absent = Symbol("AWS::NoValue");

/** A template's resources as they are with these parameters: conditions judged, functions carried out. */
export function resolveResources(template: Template, { parameters, attribute }: Stack): Template["Resources"] {
  const parameterOf = (name: string): unknown => {
    const { Type, Default } = template.Parameters[name] ?? { Type: "" };
    const text = parameters[name] ?? Default;
    if (text === undefined) throw new Error(`no parameter ${name}`);
    return Type === "CommaDelimitedList" ? text.split(",") : text;
  };
  const refer = (name: string): unknown => {
    if (name === "AWS::NoValue") return absent;
    if (name in template.Parameters) return parameterOf(name);
    return name.startsWith("AWS::") ? parameters[name] : attribute(name, undefined);
  };
  const isMet = (name: string): boolean => resolve(template.Conditions[name]) === true;
  const resolve = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(resolve).filter((item) => item !== absent);
    if (typeof part !== "object" || part === null) return part;
    const [[key, given] = ["", undefined]] = Object.entries(part);
    if (isFunction(key)) return carryOut(key, given);
    const members = Object.entries(part).map(([name, value]) => [name, resolve(value)] as const);
    return Object.fromEntries(members.filter(([, value]) => value !== absent));
  };
  const carryOut = (name: string, given: unknown): unknown => {
    const list = Array.isArray(given) ? given : [given];
    switch (name) {
      case "Ref":
        return refer(String(given));
      case "Fn::GetAtt":
        return attribute(...(String(given).split(".") as [string, string]));
      case "Fn::Sub":
        return String(given).replace(/\$\{([\w:.]+)\}/g, (_, inside: string) => String(refer(inside)));
      case "Fn::If":
        return resolve(isMet(list[0]) ? list[1] : list[2]);
      case "Fn::Not":
        return resolve(list[0]) !== true;
      case "Fn::Equals":
        return resolve(list[0]) === resolve(list[1]);
      case "Fn::Join":
        return (resolve(list[1]) as readonly string[]).join(list[0]);
      default:
        throw new Error(`unknown function ${name}`);
    }
  };
  const there = Object.entries(template.Resources).filter(([, { Condition }]) => !Condition || isMet(Condition));
  return Object.fromEntries(
    there.map(([name, resource]) => [
      name,
      { ...resource, Properties: resolve(resource.Properties) as object } as Resource,
    ]),
  );
}
