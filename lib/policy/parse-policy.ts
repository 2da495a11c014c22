import { describe, type Refuse, readElements } from "./elements.ts";
import { childrenOf, type JsonNode, parseJsonTree } from "./json-tree.ts";
import { parseStatement } from "./parse-statement.ts";
import type { Policy, Statement } from "./policy.ts";
import { type PolicyProblem, placesIn, quote } from "./problem.ts";

export type ParsedPolicy =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

const versions = ["2012-10-17", "2008-10-17"];

/**
 * Reads an identity policy's document: just AWS's grammar, with a Version, without which AWS reads a policy by the rules of 2008
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html). What is not well formed gives its faults with
 * their places, and nothing that could be changed.
 *
 * @param name what to call it; a role's inline policies are told apart by their names
 */
export function parsePolicy(text: string, name = "policy"): ParsedPolicy {
  const tree = parseJsonTree(text);
  if (!tree.ok) return tree;
  const problems: PolicyProblem[] = [];
  const placeOf = placesIn(text);
  const refuse: Refuse = ({ offset }, says) => void problems.push({ ...placeOf(offset), says });
  const policy = readPolicy(tree.root, { text, name }, refuse);
  return policy === undefined || problems.length > 0 ? { ok: false, problems } : { ok: true, policy };
}

function readPolicy(root: JsonNode, { text, name }: Pick<Policy, "text" | "name">, refuse: Refuse): Policy | undefined {
  if (root.type !== "object") return void refuse(root, "a policy is an object with Version and Statement");
  const elements = readElements(root, ["Version", "Id", "Statement"], refuse);
  const version = elements.get("Version")?.value;
  const id = elements.get("Id")?.value;
  if (id !== undefined && id.type !== "string") refuse(id, `Id is ${describe(id)}: it must be a string`);
  if (version === undefined) refuse(root, "Version is missing: AWS would read this by the rules of 2008-10-17");
  else if (!versions.includes(version.value))
    refuse(version, `Version is ${describe(version)}: it must be ${versions.map(quote).join(" or ")}`);
  const list = elements.get("Statement")?.value;
  if (list === undefined) return void refuse(root, "Statement is missing");
  const nodes = list.type === "array" ? childrenOf(list) : [list];
  if (nodes.length === 0) return void refuse(list, "Statement is empty: a policy has at least one");
  const statements = nodes.flatMap((node, index): readonly Statement[] => {
    const statement = parseStatement(node, { policy: name, index, version: version?.value, text }, refuse);
    return statement === undefined ? [] : [statement];
  });
  return { name, text, version: version?.value, statements };
}
