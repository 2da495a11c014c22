import { catalogue } from "../../policy/library.ts";
import { findNearest, type NamedCandidate } from "../../settings/nearest-name.ts";
import { shown } from "./words.ts";

/** `"s3:GetObjct" matches no known action: did you mean s3:GetObject?` */
export function sayUnknown(pattern: string): string {
  const nearest = nearestTo(pattern);
  const meant = nearest === undefined ? "" : `: did you mean ${nearest}?`;
  return `"${shown(pattern)}" matches no known action${meant}`;
}

/** The action, or where the service is unknown the service, that was most likely meant. */
export function nearestTo(pattern: string): string | undefined {
  const [service = "", action = ""] = pattern.toLowerCase().split(":");
  if (/[*?]/.test(service)) return undefined;
  if (catalogue.actionsOf(service).length === 0) return nearestService(service, action);
  return /[*?]/.test(action) ? undefined : nearestAction(service, action);
}

const nearestAction = (service: string, written: string): string | undefined =>
  findLike(
    written,
    catalogue.actionsOf(service).map(({ action, name }) => ({ stem: action, name })),
  );

/** With an action of its own, never with more than was written. */
function nearestService(service: string, action: string): string | undefined {
  const nearest = findLike(
    service,
    catalogue.services.map((name) => ({ stem: name, name })),
  );
  if (nearest === undefined || action === "") return nearest;
  return /[*?]/.test(action) ? `${nearest}:${action}` : nearestAction(nearest, action);
}

/** Of equally near ones, the one that begins most alike: first letters are seldom mistyped. */
const findLike = (written: string, candidates: readonly NamedCandidate[]): string | undefined =>
  findNearest(
    written,
    [...candidates].sort((one, other) => countAlike(written, other.stem) - countAlike(written, one.stem)),
  );

/** The letters that both begin with. */
function countAlike(one: string, other: string): number {
  let count = 0;
  while (count < one.length && one[count] === other[count]) count += 1;
  return count;
}
