import { AwsError } from "../aws-error.ts";

/** Codes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const refuseWith =
  (code: string) =>
  (message: string): AwsError =>
    new AwsError(code, 400, message);

export const invalidValue = refuseWith("InvalidParameterValue");

export const invalidCombination = refuseWith("InvalidParameterCombination");

export const unsupported = refuseWith("UnsupportedOperation");

export const incorrectState = refuseWith("IncorrectInstanceState");

export const missingParameter = (name: string): AwsError =>
  new AwsError("MissingParameter", 400, `The request must contain the parameter ${name}`);

export const malformedId = (id: string): AwsError =>
  new AwsError("InvalidInstanceID.Malformed", 400, `Invalid id: "${id}"`);

export function notFound(ids: readonly string[]): AwsError {
  const message =
    ids.length === 1
      ? `The instance ID '${ids[0]}' does not exist`
      : `The instance IDs '${ids.join(", ")}' do not exist`;
  return new AwsError("InvalidInstanceID.NotFound", 400, message);
}

export const notPermitted = (message: string, options = { isPartlyDone: false }): AwsError =>
  new AwsError("OperationNotPermitted", 400, message, options);
