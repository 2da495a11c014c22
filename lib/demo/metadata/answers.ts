import type { IncomingHttpHeaders } from "node:http";
import type { InstanceMetadata } from "./instance-metadata.ts";
import type { Tokens } from "./tokens.ts";

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

interface Told {
  readonly instance: InstanceMetadata;
  readonly tokens: Tokens;
}

const tokenPath = "/latest/api/token";
const lifetimeHeader = "x-aws-ec2-metadata-token-ttl-seconds";

/** By EC2's User Guide, "Use IMDS": 400 a bad token request, 401 a bad token, 403 forbidden or switched off, 404 no such thing. */
export function answerMetadata(asked: Asked, told: Told): Answer | "lost" {
  const { instance, tokens } = told;
  if (!instance.isEnabled) return refuse(403, "Forbidden");
  if (asked.path === tokenPath) return answerToken(asked, told);
  if (asked.method !== "GET") return refuse(405, "Not Allowed");
  const token = asked.headers["x-aws-ec2-metadata-token"];
  const mayRead =
    instance.tokens === "none" || (token === undefined ? instance.tokens === "optional" : tokens.isGood(String(token)));
  return mayRead ? answerRead(asked.path, instance) : refuse(401, "Unauthorized");
}

/** A token is sent with the hop limit as its packets' time to live, so it never reaches whoever is farther away. */
function answerToken({ method, headers }: Asked, { instance, tokens }: Told): Answer | "lost" {
  if (instance.tokens === "none") return refuse(404, "Not Found");
  if (method !== "PUT") return refuse(405, "Not Allowed");
  if (headers["x-forwarded-for"] !== undefined) return refuse(403, "Forbidden");
  const lifetime = String(headers[lifetimeHeader] ?? "");
  if (!/^\d{1,5}$/.test(lifetime) || Number(lifetime) < 1 || Number(lifetime) > 21_600)
    return refuse(400, "Bad Request");
  if (instance.hops > instance.hopLimit) return "lost";
  return { ...say(tokens.issue(Number(lifetime))), headers: { [lifetimeHeader]: lifetime } };
}

const rolesPath = "/latest/meta-data/iam/security-credentials/";

function answerRead(path: string, { identity, role }: InstanceMetadata): Answer {
  if (path === "/latest/dynamic/instance-identity/document") return say(JSON.stringify(identity, undefined, 2));
  if (role !== undefined && (path === rolesPath || path === rolesPath.slice(0, -1))) return say(role.name);
  if (role !== undefined && path === `${rolesPath}${role.name}`)
    return say(JSON.stringify(role.credentials, undefined, 2));
  return refuse(404, "Not Found");
}

const say = (body: string): Answer => ({ status: 200, type: "text/plain", body });

/** Pages for people, whatever was asked. */
const refuse = (status: number, title: string): Answer => ({
  status,
  type: "text/html",
  body: `<?xml version="1.0" encoding="iso-8859-1"?>\n<html><head><title>${status} - ${title}</title></head><body><h1>${status} - ${title}</h1></body></html>\n`,
});
