import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** The parts of an `Authorization: AWS4-HMAC-SHA256 ...` header. */
export interface Authorization {
  readonly accessKeyId: string;
  /** date/region/service/aws4_request */
  readonly scope: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

export interface SignedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Nobody waits for the answer any more. */
  readonly isGone?: () => boolean;
}

const authorizationForm =
  /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/(\d{8}\/[^/,]+\/[^/,]+\/aws4_request),\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})$/;

export function parseAuthorization(header: string): Authorization | undefined {
  const [, accessKeyId, scope, signedHeaders, signature] = authorizationForm.exec(header) ?? [];
  if (accessKeyId === undefined || scope === undefined || signedHeaders === undefined || signature === undefined)
    return undefined;
  return { accessKeyId, scope, signedHeaders: signedHeaders.split(";"), signature };
}

/** The region of the credential scope, which a regional endpoint insists on. */
export const signedRegion = ({ scope }: Authorization): string => scope.split("/")[1] ?? "";

/** AWS Signature Version 4 checked as AWS does it, from the request as it arrived. */
export function isSignedWith(secret: string, request: SignedRequest, authorization: Authorization): boolean {
  const { scope, signedHeaders, signature } = authorization;
  const at = String(request.headers["x-amz-date"] ?? "");
  const text = ["AWS4-HMAC-SHA256", at, scope, sha256(canonicalRequest(request, signedHeaders))].join("\n");
  const computed = createHmac("sha256", signingKey(secret, scope)).update(text).digest();
  return timingSafeEqual(computed, Buffer.from(signature, "hex"));
}

function canonicalRequest({ method, url, headers, body }: SignedRequest, signedHeaders: readonly string[]): string {
  const { pathname, searchParams } = new URL(url, "http://offline");
  return [
    method,
    encodeURI(pathname),
    canonicalQuery(searchParams),
    ...signedHeaders.map((name) => `${name}:${String(headers[name] ?? "").trim()}`),
    "",
    signedHeaders.join(";"),
    sha256(body),
  ].join("\n");
}

const canonicalQuery = (parameters: URLSearchParams): string =>
  [...parameters]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join("&");

const sha256 = (content: string | Buffer): string => createHash("sha256").update(content).digest("hex");

const signingKeys = new Map<string, Buffer>();

/** Four hashes a key and day, kept: a client signs thousands of requests with the same one. */
function signingKey(secret: string, scope: string): Buffer {
  const name = `${secret} ${scope}`;
  const known = signingKeys.get(name);
  if (known !== undefined) return known;
  let key = Buffer.from(`AWS4${secret}`);
  for (const part of scope.split("/")) key = createHmac("sha256", key).update(part).digest();
  if (signingKeys.size >= 1000) signingKeys.clear();
  signingKeys.set(name, key);
  return key;
}
