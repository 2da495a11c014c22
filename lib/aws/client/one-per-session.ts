import { type Counted, countCalls } from "../count-calls.ts";
import { clientConfiguration, type Session } from "../session.ts";

/** A client keeps its sockets and what it has learnt of AWS's limits, so each session makes one and keeps it. */
export function onePerSession<Client extends Counted>(
  make: (configuration: ReturnType<typeof clientConfiguration>) => Client,
): (session: Session) => Client {
  const clients = new WeakMap<Session, Client>();
  return (session) => {
    const client = clients.get(session) ?? countCalls(make(clientConfiguration(session)), session.counts);
    clients.set(session, client);
    return client;
  };
}
