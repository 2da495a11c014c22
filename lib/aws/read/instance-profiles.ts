import { type IAMClient, ListInstanceProfilesCommand } from "@aws-sdk/client-iam";
import { type Calling, call } from "../call.ts";
import { instanceProfileActions } from "../read-actions.ts";
import { allPages, nextMarker } from "./pages.ts";
import { present } from "./present.ts";

/** IAM's largest page; its default is 100 (ListInstanceProfiles, IAM API reference). */
const pageSize = 1000;

/** The role of an instance profile. */
export interface ProfileRole {
  /** `AROA...`: never given again, also where a role of the same name is made anew. */
  readonly id: string;
  /** JSON; undefined where the answer has none that can be read. */
  readonly trustPolicy: string | undefined;
}

/** Roles of all instance profiles of an account; one that is in several comes several times. */
export const listProfileRoles = ({ client, stop }: Calling<IAMClient>): AsyncGenerator<readonly ProfileRole[]> => {
  const action = instanceProfileActions.listProfileRoles;
  return allPages(action, async (marker) => {
    const page = await call(action, stop, () =>
      client.send(new ListInstanceProfilesCommand({ MaxItems: pageSize, Marker: marker }), { abortSignal: stop }),
    );
    return {
      items: (page.InstanceProfiles ?? []).flatMap(({ Roles: roles }) =>
        (roles ?? []).map(({ RoleId: id, AssumeRolePolicyDocument: policy }) => ({
          id: present(action, "RoleId", id),
          trustPolicy: decodePolicy(policy),
        })),
      ),
      next: nextMarker(action, page),
    };
  });
};

/** Policies come URL-encoded (Role, IAM API reference). */
function decodePolicy(encoded: string | undefined): string | undefined {
  try {
    return encoded === undefined ? undefined : decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}
