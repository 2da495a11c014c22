import { SQSClient } from "@aws-sdk/client-sqs";
import { countCalls } from "../count-calls.ts";
import { clientConfiguration, type Session } from "../session.ts";
import { onePerSession } from "./one-per-session.ts";

/**
 * The host of a queue's URL would else take the place of a configured endpoint, such as a VPC's, and be told of on the
 * console (the SDK's queueUrlMiddleware).
 */
const endpointStays = { useQueueUrlAsEndpoint: false } as const;

/** Of the session's own region, or of the endpoint that the environment names. */
export const sqsClient = onePerSession((configuration) => new SQSClient({ ...configuration, ...endpointStays }));

/** Of an endpoint of its own, such as a VPC's. */
export const sqsClientAt = (session: Session, endpoint: string): SQSClient =>
  countCalls(new SQSClient({ ...clientConfiguration(session), ...endpointStays, endpoint }), session.counts);
