import { AwsError } from "./aws-error.ts";
import { jsonProtocol } from "./json-protocol.ts";
import type { Operation } from "./operation.ts";
import { type RequestParameters, readText } from "./parameters.ts";
import type { Protocol } from "./protocol.ts";
import { parseForm, queryProtocol } from "./query-protocol.ts";
import { type Service, services } from "./services.ts";
import type { SignedRequest } from "./signature.ts";

export interface Route {
  readonly service: Service;
  readonly operation: Operation;
  /** Such as `iam:ListUsers`. */
  readonly action: string;
  readonly parameters: RequestParameters;
}

const byAddress = new Map(services.map((service) => [service.address, service]));

const operationsByAction: ReadonlyMap<string, Operation> = new Map(
  services.flatMap(({ name, operations }) =>
    operations.map((operation) => [`${name}:${operation.action}`, operation] as const),
  ),
);

/** Which operation a request is for; AWS decides by host name, an offline one by what the request itself says. */
export function routeRequest({ headers, body }: SignedRequest): Route {
  const target = headers["x-amz-target"];
  if (typeof target === "string") {
    // Some SDKs put a package before the service: com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents.
    const [address = "", action = ""] = target.split(".").slice(-2);
    const service = findService(address);
    return routeTo(service, action, service.parse(body.toString()));
  }
  const parameters = parseForm(body.toString());
  return routeTo(findService(readText(parameters, "Version") ?? ""), readText(parameters, "Action") ?? "", parameters);
}

const anyQuery = queryProtocol("https://aws.amazon.com/");
const anyJson = jsonProtocol("1.1", "ThrottlingException");

/** The protocol to refuse in when a request names no service or operation. */
export const guessProtocol = ({ headers }: SignedRequest): Protocol =>
  headers["x-amz-target"] === undefined ? anyQuery : anyJson;

function findService(address: string): Service {
  const service = byAddress.get(address);
  if (service !== undefined) return service;
  throw new AwsError("UnknownService", 400, `the offline AWS has no service addressed by "${address}"`);
}

function routeTo(service: Service, name: string, parameters: RequestParameters): Route {
  const action = `${service.name}:${name}`;
  const operation = operationsByAction.get(action);
  if (operation !== undefined) return { service, operation, action, parameters };
  const [code, status] = service.protocol.refusals.unknown_action;
  throw new AwsError(code, status, `the offline AWS has no operation "${action}"`);
}
