import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { OpsError } from "../../core/errors.ts";
import { type Calling, call } from "../call.ts";

export const ssmReadActions = { getParameterText: "ssm:GetParameter" } as const;

/** The decrypted value of a parameter, by name or ARN, with `:version` or `:label` if need be. */
export async function getParameterText({ client, stop }: Calling<SSMClient>, name: string): Promise<string> {
  const action = ssmReadActions.getParameterText;
  const { Parameter: parameter } = await call(action, stop, () =>
    client.send(new GetParameterCommand({ Name: name, WithDecryption: true }), { abortSignal: stop }),
  );
  if (parameter?.Value === undefined) throw new OpsError("other", `${action}: the answer lacks Value`);
  return parameter.Value;
}
