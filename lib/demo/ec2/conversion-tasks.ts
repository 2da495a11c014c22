import type { Answer, Call, Operation } from "../operation.ts";
import { readTexts } from "../parameters.ts";
import { regionOf } from "../requested-region.ts";
import type { ConversionTask } from "./conversion-task.ts";
import { costOfReading } from "./costs.ts";
import { withDryRun } from "./dry-run.ts";
import { invalidValue } from "./errors.ts";
import { anything } from "./resources.ts";

/** Instances being imported. Neither this nor the exports have pages. */
export const describeConversionTasks: Operation = {
  action: "DescribeConversionTasks",
  resource: anything,
  costs: costOfReading,
  answer: withDryRun((call) => ({
    conversionTasks: tasksOf(call, "import", "ConversionTaskId").map(
      ({ id, instanceId, zone, state }): Answer => ({
        conversionTaskId: id,
        importInstance: {
          instanceId,
          platform: "Linux",
          volumes: [{ bytesConverted: 1_048_576, availabilityZone: zone, status: state }],
        },
        state,
        statusMessage: "Pending",
      }),
    ),
  })),
};

export const describeExportTasks: Operation = {
  action: "DescribeExportTasks",
  resource: anything,
  costs: costOfReading,
  answer: withDryRun((call) => ({
    exportTaskSet: tasksOf(call, "export", "ExportTaskId").map(
      ({ id, instanceId, state }): Answer => ({
        description: "to another hypervisor",
        exportTaskId: id,
        exportToS3: { containerFormat: "ova", diskImageFormat: "VMDK", s3Bucket: "exports", s3Key: `${id}.ova` },
        instanceExport: { instanceId, targetEnvironment: "vmware" },
        state,
        statusMessage: "Running",
      }),
    ),
  })),
};

function tasksOf(call: Call, kind: ConversionTask["kind"], idParameter: string): readonly ConversionTask[] {
  const ids = readTexts(call.parameters, idParameter);
  const tasks = regionOf(call).conversionTasks.filter((task) => task.kind === kind);
  const unknown = ids.find((id) => !tasks.some((task) => task.id === id));
  if (unknown !== undefined) throw invalidValue(`The task '${unknown}' does not exist`);
  return ids.length === 0 ? tasks : tasks.filter(({ id }) => ids.includes(id));
}
