import { test } from "tap";
import { chooseRegions } from "../../lib/core/choose-regions.ts";

const known = [
  { name: "eu-west-1", isEnabled: true },
  { name: "us-east-1", isEnabled: true },
  { name: "af-south-1", isEnabled: false },
];

for (const { name, regions = [], skipRegions = [], want } of [
  { name: "none named: all that are enabled", want: ["eu-west-1", "us-east-1"] },
  { name: "less those that are left out", skipRegions: ["us-east-1"], want: ["eu-west-1"] },
  { name: "those named, enabled or not, each once", regions: ["af-south-1", "af-south-1"], want: ["af-south-1"] },
  { name: "one both named and left out", regions: ["eu-west-1"], skipRegions: ["eu-west-1"], want: [] },
]) {
  test(name, async (t) => t.strictSame(chooseRegions({ regions, skipRegions }, known), want));
}
