import { deriveId } from "./identifiers.ts";
import type { Account, Session } from "./state.ts";

/** The credentials every account has from the start: an assumed role's, so that no user need be invented to hold them. */
export const adminSessionOf = ({ id }: Account): Session => ({
  accessKeyId: deriveId("ASIA", `${id} administrator`),
  accountId: id,
  roleName: "Administrator",
  roleId: deriveId("AROA", `${id} administrator`),
  sessionName: "offline-aws",
  expiresAt: Number.POSITIVE_INFINITY,
});
