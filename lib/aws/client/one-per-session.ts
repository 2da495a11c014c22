import { type Counted, countCalls } from "../count-calls.ts";
import { clientConfiguration, type Session } from "../session.ts";

/** A client keeps its sockets and what it has learnt of AWS's limits, so each session makes one and keeps it. */
export function onePerSession<Client extends Counted>(
  make: (configuration: ReturnType<typeof clientConfiguration>) => Client,
): (session: Session) => Client {
  const clients = new WeakMap<Session, Client>();
  return (session) => {
    const known = clients.get(session);
    if (known !== undefined) return known;
    const client = countCalls(make(clientConfiguration(session)), session.counts);
    // It looks through every answer for what its log must not show, and nobody keeps that log.
    client.middlewareStack.remove("loggerMiddleware");
    clients.set(session, client);
    return client;
  };
}
