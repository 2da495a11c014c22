import { randomUUID } from "node:crypto";
import type { Millis } from "../core/time.ts";
import { AwsError } from "./aws-error.ts";
import type { CallCounter } from "./call-counts.ts";
import { type Fault, preventsDeed } from "./call-rules.ts";
import { authenticate } from "./credentials.ts";
import { createKeyIndex, type KeyIndex } from "./key-index.ts";
import type { Answer, Call } from "./operation.ts";
import type { Protocol, RefusalKind } from "./protocol.ts";
import { guessProtocol, type Route, routeRequest } from "./route.ts";
import { createRuleBook, type RuleBook } from "./rule-book.ts";
import type { Service } from "./services.ts";
import type { SignedRequest } from "./signature.ts";
import type { Organization } from "./state.ts";
import type { Throttle } from "./throttle.ts";
import type { WriteLog } from "./write-log.ts";

export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly requestId: string;
  readonly body: string;
  /** Beyond the latency of every call. */
  readonly delayMs: Millis;
  readonly delivery: "whole" | "torn" | "cut" | "never";
}

export interface World {
  readonly organization: Organization;
  readonly counter: CallCounter;
  readonly writes: WriteLog;
  readonly throttle: Throttle;
  readonly verifySignatures: boolean;
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

export function createDispatcher(world: World): (request: SignedRequest) => Reply {
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

function answerRoute(desk: Desk, request: SignedRequest, { route, requestId }: Routed): Reply {
  const { protocol } = route.service;
  desk.counter.count(route.action);
  try {
    const call = admit(desk, request, route);
    const fault = desk.rules.take(desk.organization.faults, call);
    const answer = fault !== undefined && preventsDeed(fault) ? {} : carryOut(desk, route, call);
    if (fault?.kind === "error") throw new AwsError(fault.code, fault.status, fault.message);
    const body = protocol.encodeAnswer(route.operation.action, answer, requestId);
    return spoil({ ...whole, status: 200, contentType: protocol.contentType, requestId, body }, fault);
  } catch (thrown) {
    const error = asAwsError(thrown);
    countRefusal(desk.counter, error, protocol);
    return refuse(protocol, error, requestId);
  }
}

function carryOut(desk: Desk, route: Route, call: Call): Answer {
  checkThrottle(desk, route.service, call);
  checkDenials(desk, route, call);
  const answer = route.operation.answer(call);
  if (route.operation.isWrite) desk.writes.add(call);
  return answer;
}

function admit(desk: Desk, request: SignedRequest, { action, parameters, service }: Route): Call {
  const { organization, keys, verifySignatures, shortPages } = desk;
  const sessionNow = desk.sessionNow();
  const caller = authenticate(request, { organization, keys, verifySignatures, sessionNow });
  if (typeof caller === "string") throw refusal(service, caller, refusalMessages[caller]);
  return {
    action,
    parameters,
    caller,
    organization,
    findKey: keys.find,
    now: desk.now(),
    sessionNow,
    shortPages,
  };
}

function checkThrottle(desk: Desk, service: Service, { caller, action }: Call): void {
  if (desk.throttle.allows(caller.account.id, action, desk.elapsed())) return;
  throw refusal(service, "throttled", refusalMessages.throttled);
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

function refusal({ protocol }: Service, kind: RefusalKind, message: string): AwsError {
  const [code, status] = protocol.refusals[kind];
  return new AwsError(code, status, message);
}

function countRefusal(counter: CallCounter, { code }: AwsError, { refusals }: Protocol): void {
  if (code === refusals.throttled[0]) counter.countThrottled();
  if (code === refusals.denied[0]) counter.countDenied();
}

const asAwsError = (thrown: unknown): AwsError =>
  thrown instanceof AwsError ? thrown : new AwsError("InternalFailure", 500, String(thrown));

const whole = { delayMs: 0, delivery: "whole" } as const;

const refuse = (protocol: Protocol, error: AwsError, requestId: string): Reply => ({
  ...whole,
  status: error.status,
  contentType: protocol.contentType,
  requestId,
  body: protocol.encodeError(error, requestId),
});

function spoil(reply: Reply, fault: Fault | undefined): Reply {
  switch (fault?.kind) {
    case "slow":
      return { ...reply, delayMs: fault.ms };
    case "torn":
      return { ...reply, delivery: "torn" };
    case "cut":
      return { ...reply, delivery: "cut" };
    case "hang":
      return { ...reply, delivery: "never" };
    case "garbage":
      return { ...reply, contentType: "text/html", body: "<html><body>502 Bad Gateway: the proxy says no" };
    default:
      return reply;
  }
}
