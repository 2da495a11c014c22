import { AwsError } from "../aws-error.ts";
import type { Answer, Call, Operation } from "../operation.ts";
import { readTexts } from "../parameters.ts";
import { costOfReading } from "./costs.ts";
import { withDryRun } from "./dry-run.ts";
import { invalidCombination } from "./errors.ts";
import { compileFilters, type FilterTable, readFilters } from "./filters.ts";
import { type InstanceType, instanceTypes } from "./instance-type-table.ts";
import { takeEc2Page } from "./pages.ts";
import { anything } from "./resources.ts";

export const describeInstanceTypes: Operation = {
  action: "DescribeInstanceTypes",
  resource: anything,
  costs: costOfReading,
  answer: withDryRun((call) => {
    const listing = {
      items: namedTypes(call),
      orderOf: ({ name }: InstanceType) => name,
      keeps: compileFilters(readFilters(call.parameters), typeFilters),
    };
    const { items, end } = takeEc2Page(call, listing, { least: 5, most: 100, fallback: 100 });
    return { instanceTypeSet: items.map(describeType), ...end };
  }),
};

function namedTypes({ parameters }: Call): readonly InstanceType[] {
  const names = readTexts(parameters, "InstanceType");
  if (names.length === 0) return instanceTypes;
  if (parameters.MaxResults !== undefined)
    throw invalidCombination("The parameter instanceTypes cannot be used with the parameter maxResults");
  if (names.length > 100)
    throw new AwsError("InvalidParameterValue", 400, "The maximum number of instance types is 100");
  const unknown = names.filter((name) => !instanceTypes.some((type) => type.name === name));
  if (unknown.length > 0)
    throw new AwsError(
      "InvalidInstanceType",
      400,
      `The following supplied instance types do not exist: [${unknown.join(", ")}]`,
    );
  return instanceTypes.filter(({ name }) => names.includes(name));
}

const typeFilters: FilterTable<InstanceType> = (name) => {
  switch (name) {
    case "instance-type":
      return (type) => [type.name];
    case "vcpu-info.default-vcpus":
      return ({ vcpus }) => [String(vcpus)];
    default:
      return undefined;
  }
};

const describeType = ({ name, vcpus, memoryMib, isArm }: InstanceType): Answer => ({
  instanceType: name,
  currentGeneration: !name.startsWith("t2."),
  freeTierEligible: name === "t3.micro",
  supportedUsageClasses: ["on-demand", "spot"],
  supportedRootDeviceTypes: ["ebs"],
  supportedVirtualizationTypes: ["hvm"],
  bareMetal: false,
  hypervisor: "nitro",
  processorInfo: { supportedArchitectures: [isArm ? "arm64" : "x86_64"] },
  vCpuInfo: {
    defaultVCpus: vcpus,
    defaultCores: isArm ? vcpus : Math.ceil(vcpus / 2),
    defaultThreadsPerCore: isArm || vcpus === 1 ? 1 : 2,
  },
  memoryInfo: { sizeInMiB: memoryMib },
  instanceStorageSupported: name.startsWith("i4i."),
});
