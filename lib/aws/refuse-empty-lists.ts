import { OpsError } from "../core/errors.ts";
import type { Counted } from "./count-calls.ts";

/**
 * Has a client send no empty list, whatever the call. The SDK leaves one out of the request, and EC2 takes a request
 * without ids for all instances.
 */
export function refuseEmptyLists<Client extends Counted>(client: Client): Client {
  client.middlewareStack.add(
    (next, { commandName = "a call" }) =>
      async (args) => {
        const empty = findEmptyList(args.input, "its input");
        if (empty !== undefined) throw new OpsError("other", `${commandName}: "${empty}" is an empty list`);
        return next(args);
      },
    { step: "initialize", name: "refuseEmptyLists" },
  );
  return client;
}

function findEmptyList(value: unknown, name: string): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value) && value.length === 0) return name;
  for (const [key, member] of Object.entries(value)) {
    const empty = findEmptyList(member, Array.isArray(value) ? name : key);
    if (empty !== undefined) return empty;
  }
  return undefined;
}
