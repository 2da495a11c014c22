import type { MiddlewareStack } from "@smithy/types";
import type { CallCounts } from "../core/call-counts.ts";
import { classifyError } from "./classify-error.ts";

export interface Counted {
  // biome-ignore lint/suspicious/noExplicitAny: MiddlewareStack is invariant in both parameters, and counting looks at neither
  readonly middlewareStack: MiddlewareStack<any, any>;
}

/** Counts a client's attempts where they go out to the wire: below the SDK's retries, so that each attempt counts. */
export function countCalls<Client extends Counted>(client: Client, counts: CallCounts): Client {
  client.middlewareStack.add(
    (next) => {
      let attempted = false;
      return async (request) => {
        counts.calls += 1;
        if (attempted) counts.retries += 1;
        attempted = true;
        try {
          return await next(request);
        } catch (thrown) {
          if (classifyError(thrown) === "throttled") counts.throttles += 1;
          throw thrown;
        }
      };
    },
    { step: "finalizeRequest", priority: "low", name: "countAttempts" },
  );
  return client;
}
