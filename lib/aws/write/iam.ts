import { type IAMClient, UpdateAccessKeyCommand } from "@aws-sdk/client-iam";
import type { Intent } from "../../act/journal.ts";
import { type Calling, call } from "../call.ts";
import { iamWriteActions } from "../write-actions.ts";

export interface KeyStatusRequest {
  readonly userName: string;
  readonly keyId: string;
  readonly active: boolean;
}

/** Sets a key's status, whatever it was; `missing` where the user has no such key. */
export async function updateAccessKey(
  _intent: Intent,
  { client, stop }: Calling<IAMClient>,
  { userName, keyId, active }: KeyStatusRequest,
): Promise<void> {
  await call(iamWriteActions.updateAccessKey, stop, () =>
    client.send(
      new UpdateAccessKeyCommand({ UserName: userName, AccessKeyId: keyId, Status: active ? "Active" : "Inactive" }),
      { abortSignal: stop },
    ),
  );
}
