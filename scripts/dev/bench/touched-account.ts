import { deriveId } from "../../../lib/demo/identifiers.ts";
import { anAccount, anInstanceProfile, anInstanceRole, aRole } from "../../../lib/demo/scenario/builders.ts";
import { aMessage, aQueue } from "../../../lib/demo/scenario/queue-builders.ts";
import { anInstance, aRegion } from "../../../lib/demo/scenario/region-builders.ts";

export interface TouchedSize {
  readonly messages: number;
  /** They tell of these, one after the other. */
  readonly hosts: number;
}

const id = "111122223333";
const region = "us-east-1";

const hostName = (index: number): string => `i-${index.toString(16).padStart(17, "0")}`;

/** One account with hosts of the role `web`, and their logins in the queue `skunky`. */
export function aTouchedAccount({ messages, hosts }: TouchedSize) {
  const role = deriveId("AROA", `${id} web`);
  const logins = Array.from({ length: messages }, (_, index) => {
    const instance_id = hostName(index % hosts);
    const body = { instance_id, instance_account_id: id, instance_region: region, event: "ssh", user: "ada" };
    return aMessage({ body: JSON.stringify(body), senderId: `${role}:${instance_id}` });
  });
  return anAccount({
    id,
    roles: [aRole({ name: "Skunky" }), anInstanceRole({ name: "web" })],
    instanceProfiles: [anInstanceProfile({ name: "web" })],
    regions: [
      aRegion({
        name: region,
        instances: Array.from({ length: hosts }, (_, index) => anInstance({ id: hostName(index), tags: {} })),
        queues: [aQueue({ name: "skunky", messages: logins })],
      }),
    ],
  });
}
