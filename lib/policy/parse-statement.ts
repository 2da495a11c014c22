import { describe, type Element, type Refuse, readElements, stringsOf } from "./elements.ts";
import { childrenOf, type JsonNode, membersOf } from "./json-tree.ts";
import { isPattern } from "./pattern.ts";
import { type Statement, spanOf } from "./policy.ts";
import { quote } from "./problem.ts";
import { scopeOf } from "./scope.ts";

const known = [
  ...["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"],
];

/** Of each pair a statement has one at most. */
const alternatives = [
  ["Action", "NotAction"],
  ["Resource", "NotResource"],
  ["Principal", "NotPrincipal"],
] as const;

type Elements = ReadonlyMap<string, Element>;

interface Place {
  readonly policy: string;
  readonly index: number;
  readonly version: string;
  readonly text: string;
}

/** A statement; undefined only where something was refused. */
export function parseStatement(node: JsonNode, place: Place, refuse: Refuse): Statement | undefined {
  if (node.type !== "object") return void refuse(node, "a statement is an object");
  const elements = readElements(node, known, refuse);
  refuseCombinations(node, elements, refuse);
  refuseShapes(elements, refuse);
  const effect = readEffect(node, elements, refuse);
  const action = readAction(node, elements, refuse);
  if (effect === undefined || action === undefined) return undefined;
  const { policy, index, version, text } = place;
  return {
    ...{ policy, index, sid: elements.get("Sid")?.value.value, effect, ...action },
    ...{ hasNotResource: elements.has("NotResource"), scope: scopeOf(node, { version, text }), at: spanOf(node) },
  };
}

function refuseCombinations(node: JsonNode, elements: Elements, refuse: Refuse): void {
  for (const [name, opposite] of alternatives) {
    const other = elements.get(opposite);
    if (elements.has(name) && other !== undefined)
      refuse(other.key, `${opposite} beside ${name}: a statement has only one`);
  }
  // A policy of a resource, or of who may assume a role, names a principal and may leave out the resource.
  const isOfIdentity = !elements.has("Principal") && !elements.has("NotPrincipal");
  if (isOfIdentity && !elements.has("Resource") && !elements.has("NotResource"))
    refuse(node, "Resource or NotResource is missing");
}

function refuseShapes(elements: Elements, refuse: Refuse): void {
  const sid = elements.get("Sid")?.value;
  if (sid !== undefined && sid.type !== "string") refuse(sid, `Sid is ${describe(sid)}: it must be a string`);
  for (const name of ["Resource", "NotResource"]) {
    const value = elements.get(name)?.value;
    if (value === undefined) continue;
    const strings = stringsOf(value);
    if (strings === undefined) refuse(value, `${name} must be a string or a list of strings`);
    else if (strings.length === 0) refuse(value, `${name} is empty`);
  }
  const condition = elements.get("Condition")?.value;
  if (condition?.type !== "object") {
    if (condition !== undefined) refuse(condition, "Condition must be an object");
    return;
  }
  for (const [operator, tests] of membersOf(condition))
    if (tests.type !== "object") refuse(tests, `Condition's ${quote(operator.value)} must be an object`);
}

function readEffect(node: JsonNode, elements: Elements, refuse: Refuse): Statement["effect"] | undefined {
  const effect = elements.get("Effect")?.value;
  if (effect === undefined) return void refuse(node, "Effect is missing: it must be Allow or Deny");
  if (effect.value === "Allow" || effect.value === "Deny") return effect.value;
  return void refuse(effect, `Effect is ${describe(effect)}: it must be Allow or Deny`);
}

type ReadAction = Pick<Statement, "element" | "patterns" | "elementAt">;

function readAction(node: JsonNode, elements: Elements, refuse: Refuse): ReadAction | undefined {
  const element = elements.has("NotAction") ? "NotAction" : "Action";
  const found = elements.get(element);
  if (found === undefined) return void refuse(node, "Action or NotAction is missing");
  const { key, value } = found;
  const patterns = stringsOf(value);
  if (patterns === undefined) return void refuse(value, `${element} must be a string or a list of strings`);
  if (patterns.length === 0) return void refuse(value, `${element} is empty: it names at least one action`);
  const isList = value.type === "array";
  const nodes = isList ? childrenOf(value) : [value];
  for (const one of nodes) if (!isPattern(one.value)) refuse(one, sayNoPattern(element, one.value));
  const elementAt = { key: spanOf(key), value: spanOf(value), patterns: nodes.map(spanOf), isList };
  return { element, patterns, elementAt };
}

const sayNoPattern = (element: string, written: string): string =>
  `${element} has ${quote(written)}: an action is written as in s3:GetObject, s3:Get* or *`;
