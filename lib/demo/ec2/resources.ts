import type { Call } from "../operation.ts";
import { readTexts } from "../parameters.ts";

/** How EC2's UnauthorizedOperation names what was refused: reads have no resources of their own. */
export const anything = (): string => "*";

export const namedInstances = (call: Call): string => {
  const [id = "*"] = readTexts(call.parameters, "InstanceId");
  return instanceArn(call, id);
};

export const oneInstance = (call: Call): string => instanceArn(call, String(call.parameters.InstanceId ?? "*"));

export const instanceArn = ({ caller: { account }, region }: Call, id: string): string =>
  `arn:${account.partition}:ec2:${region}:${account.id}:instance/${id}`;
