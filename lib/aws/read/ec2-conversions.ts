import { DescribeConversionTasksCommand, DescribeExportTasksCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { type Calling, call } from "../call.ts";
import { ec2ReadActions } from "../read-actions.ts";

/** Ids of instances that are being imported or exported: tasks at work or being cancelled. Neither call has pages. */
export async function listConversions(calling: Calling<EC2Client>): Promise<ReadonlySet<string>> {
  return new Set([...(await listImported(calling)), ...(await listExported(calling))]);
}

async function listImported({ client, stop }: Calling<EC2Client>): Promise<readonly string[]> {
  const { ConversionTasks: tasks = [] } = await call(ec2ReadActions.listConversionTasks, stop, () =>
    client.send(new DescribeConversionTasksCommand({}), { abortSignal: stop }),
  );
  return tasks.flatMap(({ State, ImportInstance }) => whileUnderway(State, ImportInstance?.InstanceId));
}

async function listExported({ client, stop }: Calling<EC2Client>): Promise<readonly string[]> {
  const { ExportTasks: tasks = [] } = await call(ec2ReadActions.listExportTasks, stop, () =>
    client.send(new DescribeExportTasksCommand({}), { abortSignal: stop }),
  );
  return tasks.flatMap(({ State, InstanceExportDetails }) => whileUnderway(State, InstanceExportDetails?.InstanceId));
}

const ended: readonly (string | undefined)[] = ["completed", "cancelled"];

const whileUnderway = (state: string | undefined, instanceId: string | undefined): readonly string[] =>
  instanceId === undefined || ended.includes(state) ? [] : [instanceId];
