import { hostname, userInfo } from "node:os";

/** Whoever types, for whoever reads the record of it later: the system's user and host. */
export const thisPerson = (): string => `${userName()}@${hostname()}`;

/** A container's user may have a number and no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "unnamed user";
  }
}
