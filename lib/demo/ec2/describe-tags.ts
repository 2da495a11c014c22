import type { Call, Operation } from "../operation.ts";
import { regionOf } from "../requested-region.ts";
import { costOfListing } from "./costs.ts";
import { withDryRun } from "./dry-run.ts";
import { compileFilters, type Filter, type FilterTable, plainValues, readFilters } from "./filters.ts";
import { takeEc2Page } from "./pages.ts";
import { findVisible } from "./requested-instances.ts";
import { anything } from "./resources.ts";

interface ResourceTag {
  readonly resourceId: string;
  readonly resourceType: "instance";
  readonly key: string;
  readonly value: string;
}

/** Of instances, the only tagged resources of the offline AWS. */
export const describeTags: Operation = {
  action: "DescribeTags",
  resource: anything,
  costs: costOfListing,
  answer: withDryRun((call) => {
    const filters = readFilters(call.parameters);
    const keeps = compileFilters(filters, tagFilters);
    const listing = { items: listTags(call, filters), orderOf, keeps };
    const { items, end } = takeEc2Page(call, listing, { least: 5, most: 1000, fallback: Number.POSITIVE_INFINITY });
    return { tagSet: items.map((tag) => ({ ...tag })), ...end };
  }),
};

const orderOf = ({ resourceId, key }: ResourceTag): string => `${resourceId} ${key}`;

function listTags(call: Call, filters: readonly Filter[]): readonly ResourceTag[] {
  const region = regionOf(call);
  const ids = plainValues(filters, "resource-id") ?? region.instances.ids();
  return ids.flatMap((resourceId) => {
    const keys = [...(findVisible(region, resourceId, call)?.tags ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    return keys.map(([key, value]) => ({ resourceId, resourceType: "instance" as const, key, value }));
  });
}

const tagFilters: FilterTable<ResourceTag> = (name) => {
  switch (name) {
    case "key":
      return ({ key }) => [key];
    case "value":
      return ({ value }) => [value];
    case "resource-id":
      return ({ resourceId }) => [resourceId];
    case "resource-type":
      return ({ resourceType }) => [resourceType];
    default:
      return name.startsWith("tag:") ? ({ key, value }) => [key === name.slice(4) ? value : undefined] : undefined;
  }
};
