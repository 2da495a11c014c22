import type { Instance } from "../ec2/instance.ts";
import type { Call } from "../operation.ts";
import { hashText } from "../random.ts";
import { regionOf } from "../requested-region.ts";
import type { TrailEvent } from "./event.ts";

/** The region's events: those of its trail, and the launches that its instances remember. Of one resource, if it is named. */
export function eventsAbout(call: Call, resourceName: string | undefined): readonly TrailEvent[] {
  const { trail, instances } = regionOf(call);
  const ids = resourceName === undefined ? instances.ids() : [resourceName];
  return [...trail, ...ids.flatMap((id) => launchOf(call, id))];
}

function launchOf(call: Call, id: string): readonly TrailEvent[] {
  const instance = regionOf(call).instances.find(id);
  if (instance?.launchedBy === undefined) return [];
  return [
    {
      id: launchId(instance),
      at: instance.createdAt,
      name: "RunInstances",
      source: "ec2.amazonaws.com",
      isReadOnly: false,
      by: instance.launchedBy,
      resources: [
        { type: "AWS::EC2::Instance", name: instance.id },
        { type: "AWS::EC2::VPC", name: instance.vpcId },
      ],
    },
  ];
}

const launchId = ({ id }: Instance): string =>
  `${hashText(id).toString(16).padStart(8, "0")}-${id.slice(-4)}-4000-8000-${id.slice(-12)}`;
