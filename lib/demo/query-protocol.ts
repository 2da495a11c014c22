import type { ParameterValue, RequestParameters } from "./parameters.ts";
import type { Protocol } from "./protocol.ts";
import { encodeMembers, escapeXml } from "./xml.ts";

/** AWS query: a form in, XML out, lists wrapped in `member` (IAM, STS). */
export const queryProtocol = (namespace: string): Protocol => ({
  contentType: "text/xml",
  refusals: {
    missing_token: ["MissingAuthenticationToken", 403],
    incomplete_signature: ["IncompleteSignature", 400],
    unknown_key: ["InvalidClientTokenId", 403],
    expired: ["ExpiredToken", 403],
    bad_signature: ["SignatureDoesNotMatch", 403],
    denied: ["AccessDenied", 403],
    throttled: ["Throttling", 400],
    unknown_action: ["InvalidAction", 400],
  },
  encodeAnswer: (action, answer, requestId) =>
    `<${action}Response xmlns="${namespace}"><${action}Result>${encodeMembers(answer)}</${action}Result>` +
    `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`,
  encodeError: ({ code, status, message }, requestId) =>
    `<ErrorResponse xmlns="${namespace}"><Error><Type>${status < 500 ? "Sender" : "Receiver"}</Type>` +
    `<Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message></Error>` +
    `<RequestId>${requestId}</RequestId></ErrorResponse>`,
});

/** Reads `Tags.member.1.Key=owner` into `{ Tags: [{ Key: "owner" }] }`, whatever order the parts come in. */
export function parseForm(body: string): RequestParameters {
  const root: Branch = new Map();
  for (const [path, text] of new URLSearchParams(body)) plant(root, path.split("."), text);
  return asRecord(root);
}

type Branch = Map<string, Branch | string>;

function plant(root: Branch, path: readonly string[], text: string): void {
  let branch = root;
  for (const part of path.slice(0, -1)) {
    const next = branch.get(part);
    const grown: Branch = next instanceof Map ? next : new Map();
    branch.set(part, grown);
    branch = grown;
  }
  branch.set(path.at(-1) ?? "", text);
}

function asValue(branch: Branch | string): ParameterValue {
  if (typeof branch === "string") return branch;
  const members = branch.size === 1 ? branch.get("member") : undefined;
  const listed = members instanceof Map ? members : branch;
  return [...listed.keys()].every((part) => /^\d+$/.test(part)) ? asList(listed) : asRecord(branch);
}

const asList = (branch: Branch): readonly ParameterValue[] =>
  [...branch].sort(([a], [b]) => Number(a) - Number(b)).map(([, item]) => asValue(item));

const asRecord = (branch: Branch): RequestParameters =>
  Object.fromEntries([...branch].map(([part, value]) => [part, asValue(value)]));
