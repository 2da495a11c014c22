import { DescribeInstanceTypesCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { type Calling, call } from "../call.ts";
import { ec2ReadActions } from "../read-actions.ts";
import { groupIds, type SomeIds } from "../some-ids.ts";
import { allPages } from "./pages.ts";
import { present } from "./present.ts";

/** Its largest page (DescribeInstanceTypes, EC2 API reference). */
const pageSize = 100;

const action = ec2ReadActions.describeInstanceTypes;

/** vCPUs by type; a type that the region does not know is left out, where one named outright would fail the call. */
export async function describeInstanceTypes(
  calling: Calling<EC2Client>,
  types: SomeIds,
): Promise<ReadonlyMap<string, number>> {
  const vcpus = new Map<string, number>();
  for (const group of groupIds(types)) {
    for await (const page of listTypes(calling, group)) for (const [type, count] of page) vcpus.set(type, count);
  }
  return vcpus;
}

const listTypes = ({ client, stop }: Calling<EC2Client>, types: string[]) =>
  allPages(action, async (marker) => {
    const page = await call(action, stop, () =>
      client.send(
        new DescribeInstanceTypesCommand({
          Filters: [{ Name: "instance-type", Values: types }],
          MaxResults: pageSize,
          NextToken: marker,
        }),
        { abortSignal: stop },
      ),
    );
    return {
      items: (page.InstanceTypes ?? []).map(({ InstanceType, VCpuInfo }) => {
        const type = present(action, "instanceType", InstanceType);
        return [type, present(action, `vCpuInfo of "${type}"`, VCpuInfo?.DefaultVCpus)] as const;
      }),
      next: page.NextToken || undefined,
    };
  });
