import {
  DescribeContinuousBackupsCommand,
  DescribeTimeToLiveCommand,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { call } from "../aws/call.ts";
import { messageOf } from "../core/errors.ts";
import { tableActions } from "./dynamodb-actions.ts";
import type { TableRequest } from "./dynamodb-request.ts";

const actions = tableActions.make;

interface Feature {
  readonly name: string;
  readonly isOn: () => Promise<boolean>;
  readonly switchOn: () => Promise<unknown>;
}

/** Time to live and point-in-time recovery; the store works without, so that a failure is told and no more. */
export async function switchOnFeatures(request: TableRequest): Promise<void> {
  for (const feature of [timeToLive(request), recovery(request)]) {
    try {
      await ensure(feature);
    } catch (thrown) {
      if (!isPassing(thrown)) request.warn(`${feature.name} of table "${request.table}" is off: ${messageOf(thrown)}`);
    }
  }
}

async function ensure({ isOn, switchOn }: Feature): Promise<void> {
  if (await isOn()) return;
  try {
    await switchOn();
  } catch (thrown) {
    // A second process that does the same at the same time is refused.
    if (!(await isOn())) throw thrown;
  }
}

/** Servers other than AWS's own lack some of these calls; and AWS has backups only some time after it made the table. */
const passing = ["UnknownOperationException", "ContinuousBackupsUnavailableException"];

const isPassing = (thrown: unknown): boolean =>
  thrown instanceof Error && thrown.cause instanceof Error && passing.includes(thrown.cause.name);

const timeToLive = ({ client, table, stop }: TableRequest): Feature => ({
  name: "time to live",
  isOn: () =>
    call(actions.describeTimeToLive, stop, async () => {
      const command = new DescribeTimeToLiveCommand({ TableName: table });
      const { TimeToLiveDescription } = await client.send(command, { abortSignal: stop });
      return TimeToLiveDescription?.TimeToLiveStatus?.startsWith("ENABL") ?? false;
    }),
  switchOn: () =>
    call(actions.updateTimeToLive, stop, () => {
      const specification = { Enabled: true, AttributeName: "expires_at" };
      const command = new UpdateTimeToLiveCommand({ TableName: table, TimeToLiveSpecification: specification });
      return client.send(command, { abortSignal: stop });
    }),
});

const recovery = ({ client, table, stop }: TableRequest): Feature => ({
  name: "point-in-time recovery",
  isOn: () =>
    call(actions.describeBackups, stop, async () => {
      const command = new DescribeContinuousBackupsCommand({ TableName: table });
      const { ContinuousBackupsDescription: backups } = await client.send(command, { abortSignal: stop });
      return backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === "ENABLED";
    }),
  switchOn: () =>
    call(actions.updateBackups, stop, () => {
      const specification = { PointInTimeRecoveryEnabled: true };
      const command = new UpdateContinuousBackupsCommand({
        TableName: table,
        PointInTimeRecoverySpecification: specification,
      });
      return client.send(command, { abortSignal: stop });
    }),
});
