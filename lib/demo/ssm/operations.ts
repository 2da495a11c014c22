import { AwsError } from "../aws-error.ts";
import type { Call, Operation } from "../operation.ts";
import { readFlag, readText, requireText } from "../parameters.ts";
import { type Account, demoRegion, type Parameter } from "../state.ts";

const getParameter: Operation = {
  action: "GetParameter",
  resource: ({ caller: { account }, parameters }) => parameterArn(account, readText(parameters, "Name") ?? ""),
  answer(call) {
    const parameter = findParameter(call);
    return {
      Parameter: {
        Name: parameter.name,
        Type: parameter.type,
        Value: shownValue(call, parameter),
        Version: 1,
        LastModifiedDate: new Date(parameter.changedAt),
        ARN: parameterArn(call.caller.account, parameter.name),
        DataType: "text",
      },
    };
  },
};

/** By name or ARN. AWS says no more of a missing one than the error's code. */
function findParameter({ caller: { account }, parameters }: Call): Parameter {
  const name = requireText(parameters, "Name");
  const parameter = account.parameters
    .list()
    .find((one) => one.name === name || parameterArn(account, one.name) === name);
  if (parameter === undefined) throw new AwsError("ParameterNotFound", 400, "");
  return parameter;
}

/** Without decryption a SecureString is answered as its ciphertext. */
function shownValue({ parameters }: Call, { type, value, isDecryptable }: Parameter): string {
  if (type !== "SecureString") return value;
  if (!readFlag(parameters, "WithDecryption")) return Buffer.from(`sealed ${value.length}`).toString("base64");
  if (!isDecryptable) throw new AwsError("InvalidKeyId", 400, "The KMS key of the parameter is not usable.");
  return value;
}

const parameterArn = (account: Account, name: string): string =>
  `arn:${account.partition}:ssm:${demoRegion}:${account.id}:parameter/${name.replace(/^\//, "")}`;

export const ssmOperations: readonly Operation[] = [getParameter];
