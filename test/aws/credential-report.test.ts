import { test } from "tap";
import { pauses } from "../../lib/aws/read/credential-report.ts";
import { seconds } from "../../lib/core/time.ts";

const cases = [
  { name: "growing, and no longer than asked for", waiting: { patience: seconds(20) }, want: [0.5, 1, 2, 4, 8, 4.5] },
  { name: "no patience still asks once", waiting: { patience: 0 }, want: [0] },
  { name: "counted polls are few and far", waiting: { patience: seconds(45), polls: 2 }, want: [3, 20] },
  { name: "counted polls end with the patience", waiting: { patience: seconds(5), polls: 2 }, want: [3, 2] },
  { name: "a short patience leaves one of them", waiting: { patience: seconds(2), polls: 2 }, want: [2] },
];

for (const { name, waiting, want } of cases) {
  test(`pauses between polls: ${name}`, async (t) => t.strictSame(pauses(waiting), want.map(seconds)));
}
