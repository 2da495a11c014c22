import { compareText } from "../directory.ts";
import type { Answer } from "../operation.ts";
import type { Listing } from "../paging.ts";

type Tag = readonly [key: string, value: string];

export const tagListing = (tags: ReadonlyMap<string, string>): Listing<Tag> => ({
  items: [...tags].sort(([a], [b]) => compareText(a, b)),
  orderOf: ([key]) => key,
});

export const describeTags = (tags: Iterable<Tag>): readonly Answer[] =>
  [...tags].map(([key, value]) => ({ Key: key, Value: value }));
