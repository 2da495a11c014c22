import { test } from "tap";
import { capLimit } from "../../lib/act/caps.ts";

const cases = [
  { name: "the count, where it is the smaller", count: 10, percent: 5, subjects: 1000, want: 10 },
  { name: "the share, where it is the smaller", count: 10, percent: 5, subjects: 100, want: 5 },
  { name: "a share is rounded down", count: 10, percent: 5, subjects: 199, want: 9 },
  { name: "a share that just reaches the count", count: 10, percent: 5, subjects: 200, want: 10 },
  { name: "a small account still has one", count: 10, percent: 5, subjects: 19, want: 1 },
  { name: "an account just big enough for one", count: 10, percent: 5, subjects: 20, want: 1 },
  { name: "an empty account", count: 10, percent: 5, subjects: 0, want: 1 },
  { name: "a share of nothing", count: 10, percent: 0, subjects: 1000, want: 1 },
  { name: "a count of nothing is nothing", count: 0, percent: 5, subjects: 1000, want: 0 },
  { name: "no share: the count alone", count: 10, percent: undefined, subjects: 1, want: 10 },
  {
    name: "a share of an unknown number is none that the gate takes",
    count: 10,
    percent: 5,
    subjects: Number.NaN,
    want: Number.NaN,
  },
];

for (const { name, want, ...limits } of cases) test(name, async (t) => t.ok(Object.is(capLimit(limits), want)));
