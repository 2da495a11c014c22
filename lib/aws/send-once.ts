import type { FinalizeRequestMiddleware, MiddlewareStack } from "@smithy/types";

interface Sendable {
  // biome-ignore lint/suspicious/noExplicitAny: MiddlewareStack is invariant in both parameters, and this looks at neither
  readonly middlewareStack: MiddlewareStack<any, any>;
}

/** What the SDK's retries take for nothing they know; not as a `cause`, which they would look into. */
class Unrepeated extends Error {
  readonly failure: unknown;
  constructor(failure: unknown) {
    super("tried once");
    this.failure = failure;
  }
}

const tryOnce: FinalizeRequestMiddleware<object, object> = (next) => async (request) => {
  try {
    return await next(request);
  } catch (thrown) {
    throw new Unrepeated(thrown);
  }
};

/** Sends a command whose failures its client's retries leave alone, and its pace too. */
export async function sendOnce<Command extends Sendable, Output>(
  command: Command,
  send: (command: Command) => Promise<Output>,
): Promise<Output> {
  command.middlewareStack.addRelativeTo(tryOnce, { relation: "after", toMiddleware: "retryMiddleware" });
  try {
    return await send(command);
  } catch (thrown) {
    throw thrown instanceof Unrepeated ? thrown.failure : thrown;
  }
}
