import type { Call, Cost } from "../operation.ts";
import { readTexts } from "../parameters.ts";

/** https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html */
const reading: readonly Cost[] = [{ bucket: "ec2 read", tokens: 1 }];

const readingEverything: readonly Cost[] = [{ bucket: "ec2 unpaged read", tokens: 1 }];

const writing: readonly Cost[] = [{ bucket: "ec2 write", tokens: 1 }];

export const costOfReading = (): readonly Cost[] => reading;

export const costOfWriting = (): readonly Cost[] => writing;

/** A list without filter and page size is dearer. */
export const costOfListing = ({ parameters }: Call): readonly Cost[] => {
  const { Filter, MaxResults, InstanceId } = parameters;
  return Filter === undefined && MaxResults === undefined && InstanceId === undefined ? readingEverything : reading;
};

/** Each instance costs a token beside the request's own. */
export const costOfTerminating = ({ parameters }: Call): readonly Cost[] => [
  ...writing,
  { bucket: "ec2 terminated instances", tokens: readTexts(parameters, "InstanceId").length },
];
