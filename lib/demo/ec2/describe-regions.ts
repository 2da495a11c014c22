import type { Answer, Call, Operation } from "../operation.ts";
import { readFlag, readTexts } from "../parameters.ts";
import { isEnabled, type Region } from "../region.ts";
import { costOfReading } from "./costs.ts";
import { withDryRun } from "./dry-run.ts";
import { invalidValue } from "./errors.ts";
import { compileFilters, type FilterTable, readFilters } from "./filters.ts";
import { anything } from "./resources.ts";

/** Without AllRegions only those that the account has enabled. */
export const describeRegions: Operation = {
  action: "DescribeRegions",
  resource: anything,
  costs: costOfReading,
  answer: withDryRun((call) => {
    const wanted = readFlag(call.parameters, "AllRegions") ? () => true : isEnabled;
    const matches = compileFilters(readFilters(call.parameters), regionFilters);
    const regions = namedRegions(call).filter((region) => wanted(region) && matches(region));
    return { regionInfo: regions.map(describeRegion) };
  }),
};

function namedRegions({ caller, parameters }: Call): readonly Region[] {
  const names = readTexts(parameters, "RegionName");
  const { regions } = caller.account;
  if (names.length === 0) return regions.list();
  return names.map((name) => {
    const region = regions.find(name);
    if (region === undefined) throw invalidValue(`Invalid region provided: ${name}`);
    return region;
  });
}

const endpointOf = ({ name }: Region): string => `ec2.${name}.amazonaws.com`;

const describeRegion = (region: Region): Answer => ({
  optInStatus: region.optInStatus,
  regionName: region.name,
  regionEndpoint: endpointOf(region),
});

const regionFilters: FilterTable<Region> = (name) => {
  switch (name) {
    case "region-name":
      return (region) => [region.name];
    case "opt-in-status":
      return (region) => [region.optInStatus];
    case "endpoint":
      return (region) => [endpointOf(region)];
    default:
      return undefined;
  }
};
