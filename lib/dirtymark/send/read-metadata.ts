import { request } from "node:http";
import { messageOf, OpsError } from "../../core/errors.ts";
import {
  type Identity,
  type Parsed,
  parseCredentials,
  parseIdentity,
  parseRoleName,
  type RoleCredentials,
} from "./parse-metadata.ts";

/** How the instance metadata service is asked. */
export interface Metadata {
  readonly endpoint: string;
  readonly stop: AbortSignal;
}

export interface InstanceIdentity {
  readonly identity: Identity;
  readonly credentials: RoleCredentials;
}

const rolesPath = "/latest/meta-data/iam/security-credentials/";
const identityPath = "/latest/dynamic/instance-identity/document";

/**
 * Who the instance is, and what its role may sign with, by version 2 of the service alone: the SDK's own provider falls
 * back to version 1.
 *
 * @throws OpsError
 */
export async function readMetadata(metadata: Metadata): Promise<InstanceIdentity> {
  const token = await openTokenSession(metadata);
  const read = async <Value>(path: string, parse: (text: string) => Parsed<Value>): Promise<Value> => {
    const parsed = parse(await ask(metadata, { method: "GET", path, headers: { "x-aws-ec2-metadata-token": token } }));
    if (parsed.ok) return parsed.value;
    throw new OpsError("other", `${metadata.endpoint}${path}: ${parsed.says}`);
  };
  const identity = await read(identityPath, parseIdentity);
  const role = await read(rolesPath, parseRoleName);
  return { identity, credentials: await read(`${rolesPath}${role}`, parseCredentials) };
}

/** A minute is more than this process lives. */
async function openTokenSession(metadata: Metadata): Promise<string> {
  const path = "/latest/api/token";
  const headers = { "x-aws-ec2-metadata-token-ttl-seconds": "60" };
  const token = (await ask(metadata, { method: "PUT", path, headers })).trim();
  if (/^[\x21-\x7e]{1,1024}$/.test(token)) return token;
  throw new OpsError("other", `${metadata.endpoint}${path}: the answer is no token`);
}

interface Asking {
  readonly method: "GET" | "PUT";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function ask({ endpoint, stop }: Metadata, { method, path, headers }: Asking): Promise<string> {
  const url = `${endpoint}${path}`;
  try {
    const { status, text } = await exchange(new URL(url), { method, headers, signal: stop });
    if (status === 200) return text;
    throw new OpsError(status === 404 ? "missing" : "other", `HTTP ${status}${meaningOf(method, path, status)}`);
  } catch (thrown) {
    if (stop.aborted) throw new OpsError("stopped", `${url}: stopped by ${messageOf(stop.reason)}`, { cause: thrown });
    const code = thrown instanceof OpsError ? thrown.code : "unreachable";
    throw new OpsError(code, `${url}: ${messageOf(thrown)}`, { cause: thrown });
  }
}

function meaningOf(method: Asking["method"], path: string, status: number): string {
  if (method === "PUT" && status === 403) return ", the instance's metadata service is switched off";
  if (method === "PUT") return ", no metadata service of version 2";
  return path === rolesPath && status === 404 ? ", the instance has no role" : "";
}

interface Exchange {
  readonly method: Asking["method"];
  readonly headers: Asking["headers"];
  readonly signal: AbortSignal;
}

/** Far above any answer of the service's. */
const longestAnswer = 1 << 16;

/** An agent of its own goes through no proxy, whatever the variables say. */
function exchange(url: URL, options: Exchange): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { ...options, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
        if (text.length > longestAnswer) response.destroy(new Error(`more than ${longestAnswer} characters`));
      });
      response.once("error", reject);
      response.once("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asking.once("error", reject);
    // To nobody who listens for it, such an answer would be neither an answer nor an error.
    asking.once("upgrade", (_response, socket) => {
      socket.destroy();
      reject(new Error("the answer is of another protocol"));
    });
    asking.end();
  });
}
