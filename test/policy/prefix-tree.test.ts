import { test } from "tap";
import { isInsidePattern } from "../../lib/policy/pattern.ts";
import { coverByPrefixes } from "../../lib/policy/prefix-tree.ts";
import { catalogueOf } from "../support/policies.ts";

const cases = [
  { name: "nothing at all", wanted: "", forbidden: "", want: "" },
  { name: "nothing wanted", wanted: "", forbidden: "Get", want: "" },
  { name: "nothing forbidden", wanted: "Get Put", forbidden: "", want: "*" },
  { name: "one branch each", wanted: "Get Put", forbidden: "Tag", want: "G* P*" },
  { name: "as short as can be", wanted: "GetA GetB", forbidden: "GuessA", want: "Ge*" },
  { name: "the whole name where it is as short", wanted: "GA", forbidden: "GB", want: "GA" },
  { name: "one letter is no longer than a star", wanted: "G", forbidden: "", want: "G" },
  { name: "what begins as a forbidden one does", wanted: "GetA GetB", forbidden: "Get", want: "Get?*" },
  { name: "one that begins so and has a letter more is named", wanted: "GetA", forbidden: "Get", want: "GetA" },
  { name: "the beginning of a forbidden one is named", wanted: "Get", forbidden: "GetA", want: "Get" },
  { name: "both between forbidden ones", wanted: "Get GetAB GetAC", forbidden: "GetA", want: "Get GetA?*" },
  { name: "in any case, with the spelling of the first", wanted: "GETa Getb", forbidden: "put", want: "G*" },
  { name: "cases that differ are one branch", wanted: "GETa getb", forbidden: "gel", want: "GET*" },
];

const actions = (names: string) => catalogueOf(...names.split(" ").map((name) => `s:${name}`)).actionsOf("s");

for (const { name, wanted, forbidden, want } of cases)
  test(name, async (t) => {
    const cover = coverByPrefixes({ wanted: actions(wanted), forbidden: actions(forbidden), allows: () => true });
    t.strictSame(
      cover,
      want
        .split(" ")
        .filter(Boolean)
        .map((pattern) => `s:${pattern}`),
    );
  });

const bounded = [
  { name: "no wider than the bounds", within: ["s:Get*"], wanted: "GetA GetB", forbidden: "", want: "Get*" },
  {
    name: "names where no beginning is allowed",
    within: ["s:*et?"],
    wanted: "GetA GetB",
    forbidden: "",
    want: "GetA GetB",
  },
  {
    name: "a name and what begins so",
    within: ["s:Get?*"],
    wanted: "Get GetAB GetBB",
    forbidden: "",
    want: "Get Get?*",
  },
  {
    name: "branches of their own",
    within: ["s:GetA*", "s:GetB*"],
    wanted: "GetABC GetBCD",
    forbidden: "",
    want: "GetA* GetB*",
  },
];

for (const { name, within, wanted, forbidden, want } of bounded)
  test(`bounds: ${name}`, async (t) => {
    const allows = (pattern: string) => within.some((grant) => isInsidePattern(pattern, grant));
    const cover = coverByPrefixes({ wanted: actions(wanted), forbidden: actions(forbidden), allows });
    t.strictSame(
      cover,
      want.split(" ").map((pattern) => `s:${pattern}`),
    );
  });
