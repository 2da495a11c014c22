import { randomUUID } from "node:crypto";
import type { Millis } from "../core/time.ts";
import { AwsError } from "./aws-error.ts";
import type { CallCounter } from "./call-counts.ts";
import { preventsDeed } from "./call-rules.ts";
import { authenticate } from "./credentials.ts";
import { createKeyIndex, type KeyIndex } from "./key-index.ts";
import type { Answer, Call, Operation } from "./operation.ts";
import type { Protocol, RefusalKind } from "./protocol.ts";
import { isEnabled } from "./region.ts";
import { type Reply, spoil, whole } from "./reply.ts";
import { guessProtocol, type Route, routeRequest } from "./route.ts";
import { createRuleBook, type RuleBook } from "./rule-book.ts";
import type { Service } from "./services.ts";
import type { SignedRequest } from "./signature.ts";
import type { Account, Organization } from "./state.ts";
import type { Throttle } from "./throttle.ts";
import { waitForAnswer } from "./wait-for-answer.ts";
import type { WriteLog } from "./write-log.ts";

export interface World {
  readonly organization: Organization;
  readonly counter: CallCounter;
  readonly writes: WriteLog;
  readonly throttle: Throttle;
  readonly verifySignatures: boolean;
  readonly scheme: "http" | "https";
  readonly shortPages: number | undefined;
  readonly now: () => Millis;
  readonly sessionNow: () => Millis;
  /** A clock that never stands still, for throttling. */
  readonly elapsed: () => Millis;
}

interface Desk extends World {
  readonly keys: KeyIndex;
  readonly rules: RuleBook;
}

export function createDispatcher(world: World): (request: SignedRequest) => Reply | Promise<Reply> {
  const desk: Desk = { ...world, keys: createKeyIndex(world.organization), rules: createRuleBook() };
  return (request) => {
    const requestId = randomUUID();
    try {
      const route = routeRequest(request);
      return answerRoute(desk, request, { route, requestId });
    } catch (thrown) {
      return refuse(guessProtocol(request), asAwsError(thrown), requestId);
    }
  };
}

interface Routed {
  readonly route: Route;
  readonly requestId: string;
}

function answerRoute(desk: Desk, request: SignedRequest, { route, requestId }: Routed): Reply | Promise<Reply> {
  const { protocol } = route.service;
  const refuseFor = (thrown: unknown): Reply => {
    const error = asAwsError(thrown);
    countRefusal(desk.counter, error, protocol);
    return refuse(protocol, error, requestId);
  };
  desk.counter.count(route.action);
  try {
    const call = admit(desk, request, route);
    const fault = desk.rules.take(desk.organization.faults, call);
    const reply = (answer: Answer): Reply => {
      if (fault?.kind === "error") throw new AwsError(fault.code, fault.status, fault.message);
      const body = protocol.encodeAnswer(route.operation.action, answer, requestId);
      return spoil({ ...whole, status: 200, contentType: protocol.contentType, requestId, body }, fault);
    };
    if (fault !== undefined && preventsDeed(fault)) return reply({});
    const answer = carryOut(desk, route, call);
    const late = waitForAnswer(answer, { call, waits: route.operation.waits, ...waiting(desk, request, route) });
    return late === undefined ? reply(answer) : late.then(reply).catch(refuseFor);
  } catch (thrown) {
    return refuseFor(thrown);
  }
}

const waiting = (desk: Desk, { isGone }: SignedRequest, { operation }: Route) => ({
  isGone: isGone ?? (() => false),
  ask: (call: Call) => perform(desk, operation, { ...call, now: desk.now() }),
});

function carryOut(desk: Desk, route: Route, call: Call): Answer {
  checkThrottle(desk, route, call);
  checkDenials(desk, route, call);
  return perform(desk, route.operation, call);
}

function perform(desk: Desk, { answer, isWrite }: Operation, call: Call): Answer {
  try {
    const answered = answer(call);
    if (isWrite) desk.writes.add(call);
    return answered;
  } catch (thrown) {
    if (isWrite && asAwsError(thrown).isPartlyDone) desk.writes.add(call);
    throw thrown;
  }
}

function admit(desk: Desk, request: SignedRequest, { action, parameters, service }: Route): Call {
  const { organization, keys, verifySignatures, shortPages } = desk;
  const sessionNow = desk.sessionNow();
  const authenticated = authenticate(request, { organization, keys, verifySignatures, sessionNow });
  if (typeof authenticated === "string") throw refusal(service, authenticated);
  const { caller, region } = authenticated;
  if (service.isRegional && !hasRegion(caller.account, region)) throw refusal(service, "unknown_key");
  return {
    action,
    parameters,
    caller,
    organization,
    region,
    findKey: keys.find,
    now: desk.now(),
    sessionNow,
    shortPages,
    endpoint: `${desk.scheme}://${request.headers.host}`,
    findFault: (part) => desk.rules.take(organization.faults, { ...part, caller, region }),
  };
}

/** A region that the account has not enabled knows none of its keys. */
function hasRegion({ regions }: Account, name: string): boolean {
  const region = regions.find(name);
  return region !== undefined && isEnabled(region);
}

function checkThrottle(desk: Desk, { service, operation }: Route, call: Call): void {
  const { action, caller, region } = call;
  const spending = {
    action,
    accountId: caller.account.id,
    region: service.isRegional ? region : undefined,
    costs: operation.costs?.(call) ?? [{ bucket: action, tokens: 1 }],
  };
  if (!desk.throttle.allows(spending, desk.elapsed())) throw refusal(service, "throttled");
}

function checkDenials(desk: Desk, { service, operation }: Route, call: Call): void {
  if (operation.resource === undefined) return;
  if (desk.rules.take(desk.organization.denials, call) === undefined) return;
  throw refusal(service, "denied", service.denialMessage(call, operation.resource(call)));
}

const refusalMessages: Readonly<Record<RefusalKind, string>> = {
  missing_token: "Request is missing Authentication Token",
  incomplete_signature: "Authorization header requires Credential, SignedHeaders and Signature.",
  unknown_key: "The security token included in the request is invalid.",
  expired: "The security token included in the request is expired",
  bad_signature:
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
  denied: "Access denied",
  throttled: "Rate exceeded",
  unknown_action: "Could not find operation",
};

function refusal({ protocol }: Service, kind: RefusalKind, said?: string): AwsError {
  const [code, status, message = refusalMessages[kind]] = protocol.refusals[kind];
  return new AwsError(code, status, said ?? message);
}

function countRefusal(counter: CallCounter, { code }: AwsError, { refusals }: Protocol): void {
  if (code === refusals.throttled[0]) counter.countThrottled();
  if (code === refusals.denied[0]) counter.countDenied();
}

const asAwsError = (thrown: unknown): AwsError =>
  thrown instanceof AwsError ? thrown : new AwsError("InternalFailure", 500, String(thrown));

const refuse = (protocol: Protocol, error: AwsError, requestId: string): Reply => ({
  ...whole,
  status: error.status,
  contentType: protocol.contentType,
  requestId,
  headers: protocol.errorHeaders?.(error) ?? {},
  body: protocol.encodeError(error, requestId),
});
