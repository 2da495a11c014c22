import type { Operation } from "../operation.ts";
import { describeInstanceConnectEndpoints } from "./connect-endpoints.ts";
import { describeConversionTasks, describeExportTasks } from "./conversion-tasks.ts";
import { createTags } from "./create-tags.ts";
import { deleteTags } from "./delete-tags.ts";
import { describeInstanceTypes } from "./describe-instance-types.ts";
import { describeInstances } from "./describe-instances.ts";
import { describeRegions } from "./describe-regions.ts";
import { describeTags } from "./describe-tags.ts";
import { describeInstanceAttribute, modifyInstanceAttribute } from "./instance-attributes.ts";
import { startInstances } from "./start-instances.ts";
import { stopInstances } from "./stop-instances.ts";
import { terminateInstances } from "./terminate-instances.ts";

export const ec2Operations: readonly Operation[] = [
  createTags,
  deleteTags,
  describeConversionTasks,
  describeExportTasks,
  describeInstanceAttribute,
  describeInstanceConnectEndpoints,
  describeInstances,
  describeInstanceTypes,
  describeRegions,
  describeTags,
  modifyInstanceAttribute,
  startInstances,
  stopInstances,
  terminateInstances,
];
