import type { estypes } from "@elastic/elasticsearch";

export type IndexTemplate = Omit<estypes.IndicesPutIndexTemplateRequest, "name">;

/** Goes up with every change of `templateFor`; an older template of the same name is replaced. */
export const templateVersion = 1;

export const templateName = (index: string): string => `stalewatch-${index}`;

/** Longer text is kept and shown, but not indexed: a term ends at 32,766 bytes, and one that is longer fails its document. */
const keyword = { type: "keyword", ignore_above: 8191 } as const;
const date = { type: "date", format: "strict_date_optional_time||epoch_millis" } as const;

/** Each with its original type, in words of today: `string` that is not analyzed is a keyword. */
const violatorFields = {
  ...{ age: { type: "double" as const }, id: keyword, region: keyword, state: keyword, tags: keyword },
} as const;

/**
 * New fields of later versions are searchable without a new template, text always as keyword. What does not fit a field's
 * type fails its own document and no other.
 */
export const templateFor = (index: string): IndexTemplate => ({
  index_patterns: [index],
  // https://www.elastic.co/docs/manage-data/data-store/templates: above those that come with Elasticsearch.
  priority: 501,
  version: templateVersion,
  _meta: { managed_by: "stalewatch" },
  template: {
    mappings: {
      ...{ date_detection: false, numeric_detection: false },
      dynamic_templates: [
        { text: { match_mapping_type: "string", mapping: keyword } },
        { fractions: { match_mapping_type: "double", mapping: { type: "double" } } },
      ],
      properties: {
        "@timestamp": date,
        doc_type: keyword,
        account: keyword,
        tag_scheme: keyword,
        violator_count: { type: "long" },
        violators: { properties: violatorFields },
        violators_truncated: { type: "boolean" },
        ...{ ...violatorFields, violations: keyword, owner: keyword },
        ...ecsFields,
      },
    },
  },
});

/** https://www.elastic.co/docs/reference/ecs: the names that are written beside the original's on request. */
const ecsFields = {
  ecs: { properties: { version: keyword } },
  cloud: {
    properties: {
      ...{ provider: keyword, region: keyword, availability_zone: keyword },
      account: { properties: { id: keyword, name: keyword } },
      instance: { properties: { id: keyword, name: keyword } },
      machine: { properties: { type: keyword } },
    },
  },
  event: {
    properties: {
      ...{ kind: keyword, category: keyword, type: keyword, action: keyword, outcome: keyword },
      ...{ module: keyword, dataset: keyword, reason: keyword, created: date },
    },
  },
} as const;
