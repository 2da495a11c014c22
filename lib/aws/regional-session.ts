import type { Session } from "./session.ts";

const regionalSessions = new WeakMap<Session, Map<string, Session>>();

/** The same session in another region; always the same one for a region, so that its clients are kept. */
export function regionalSession(session: Session, region: string): Session {
  if (region === session.region) return session;
  const ofRegions = regionalSessions.get(session) ?? new Map<string, Session>();
  regionalSessions.set(session, ofRegions);
  const regional = ofRegions.get(region) ?? { ...session, region };
  ofRegions.set(region, regional);
  return regional;
}
