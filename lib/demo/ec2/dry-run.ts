import { AwsError } from "../aws-error.ts";
import type { Call, Operation } from "../operation.ts";
import { readFlag } from "../parameters.ts";

/** A dry run that would be allowed ends in an error that says so; what is not allowed was refused before. */
export const withDryRun = (answer: Operation["answer"]): Operation["answer"] => {
  return (call: Call) => {
    if (readFlag(call.parameters, "DryRun"))
      throw new AwsError("DryRunOperation", 412, "Request would have succeeded, but DryRun flag is set.");
    return answer(call);
  };
};
