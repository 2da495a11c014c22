import type { JsonObject } from "./json.ts";

/** What is stored for people to search, one subject at one time. */
export interface Document {
  readonly index: string;
  /** Deterministic, so that what is delivered twice is stored once. */
  readonly id: string;
  readonly body: JsonObject;
}
