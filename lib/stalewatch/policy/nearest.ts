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
  const known = catalogue.actionsOf(service);
  if (known.length === 0) return nearestService(service, action);
  if (/[*?]/.test(action)) return undefined;
  return findLike(
    action,
    known.map(({ folded, name }) => ({ stem: folded.slice(service.length + 1), name })),
  );
}

/** With its action, where it has that. */
function nearestService(service: string, action: string): string | undefined {
  const nearest = findLike(
    service,
    catalogue.services.map((name) => ({ stem: name, name })),
  );
  if (nearest === undefined || action === "") return nearest;
  return catalogue.actionsOf(nearest).find(({ folded }) => folded === `${nearest}:${action}`)?.name ?? `${nearest}:*`;
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
