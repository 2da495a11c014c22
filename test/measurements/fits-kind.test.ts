import { test } from "tap";
import { fitsKind } from "../../lib/measurements/fits-kind.ts";

const cases = [
  { name: "a whole number is an integer", kind: "integer", value: 3, want: true },
  { name: "minus zero is an integer", kind: "integer", value: -0, want: true },
  { name: "the largest safe integer", kind: "integer", value: Number.MAX_SAFE_INTEGER, want: true },
  { name: "the first unsafe integer", kind: "integer", value: 2 ** 53, want: false },
  { name: "a fraction is no integer", kind: "integer", value: 0.5, want: false },
  { name: "digits in a string are no integer", kind: "integer", value: "3", want: false },
  { name: "a whole number is a float", kind: "float", value: 3, want: true },
  { name: "the largest double is a float", kind: "float", value: Number.MAX_VALUE, want: true },
  { name: "infinity is no float", kind: "float", value: Number.NEGATIVE_INFINITY, want: false },
  { name: "NaN is no float", kind: "float", value: Number.NaN, want: false },
  { name: "false is a boolean", kind: "boolean", value: false, want: true },
  { name: "zero is no boolean", kind: "boolean", value: 0, want: false },
  { name: "an empty string is a string", kind: "string", value: "", want: true },
  { name: "a number is no string", kind: "string", value: 1, want: false },
] as const;

for (const { name, kind, value, want } of cases) test(name, async (t) => t.equal(fitsKind(kind, value), want));
