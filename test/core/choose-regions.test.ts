import { test } from "tap";
import { chooseRegions } from "../../lib/core/choose-regions.ts";

const known = [
  { name: "eu-west-1", isEnabled: true },
  { name: "us-east-1", isEnabled: true },
  { name: "af-south-1", isEnabled: false },
];

const cases = [
  { name: "none named: all that are enabled", regions: [], skip: [], chosen: ["eu-west-1", "us-east-1"], skipped: [] },
  {
    name: "skipped ones are left out",
    regions: [],
    skip: ["us-east-1"],
    chosen: ["eu-west-1"],
    skipped: ["us-east-1"],
  },
  {
    name: "what is skipped and not asked for is not told of",
    regions: [],
    skip: ["mars-1"],
    chosen: ["eu-west-1", "us-east-1"],
    skipped: [],
  },
  {
    name: "named ones, enabled or not, each once",
    regions: ["af-south-1", "eu-west-1", "eu-west-1"],
    skip: [],
    chosen: ["af-south-1", "eu-west-1"],
    skipped: [],
  },
  { name: "named and skipped", regions: ["eu-west-1"], skip: ["eu-west-1"], chosen: [], skipped: ["eu-west-1"] },
];

for (const { name, regions, skip: skipRegions, chosen, skipped } of cases)
  test(name, async (t) => t.strictSame(chooseRegions({ regions, skipRegions }, known), { chosen, skipped }));
