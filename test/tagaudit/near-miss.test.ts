import { test } from "tap";
import { findNearMiss } from "../../lib/tagaudit/near-miss.ts";

const cases = [
  { name: "another letter case", tag: "owner", keys: ["Name", "Owner"], want: "Owner" },
  { name: "a letter left out", tag: "owner", keys: ["ownr"], want: "ownr" },
  { name: "a letter too many", tag: "owner", keys: ["owners"], want: "owners" },
  { name: "neighbours swapped", tag: "owner", keys: ["onwer"], want: "onwer" },
  { name: "another separator", tag: "created_by", keys: ["created-by"], want: "created-by" },
  { name: "a blank for a separator", tag: "created_by", keys: ["Created By"], want: "Created By" },
  { name: "no separator", tag: "created_by", keys: ["CreatedBy"], want: "CreatedBy" },
  { name: "the nearest of several", tag: "owner", keys: ["ownrs", "Owner", "ownr"], want: "Owner" },
  { name: "another word", tag: "owner", keys: ["project", "team"], want: undefined },
  { name: "too many letters wrong", tag: "owner", keys: ["wonderer"], want: undefined },
  { name: "AWS's own keys", tag: "owner", keys: ["aws:owner", "aws:o"], want: undefined },
  { name: "no key at all", tag: "owner", keys: [], want: undefined },
] as const;

for (const { name, tag, keys, want } of cases) test(name, async (t) => t.equal(findNearMiss(tag, keys), want));
