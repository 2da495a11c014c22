import { test } from "tap";
import { noFile, placeOf, readFileSettings, type YamlFile } from "../../lib/settings/read-file.ts";
import { doorSettings, houseSettings } from "./sample-declaration.ts";

const fileWith = (value: unknown): YamlFile => ({
  ...{ path: "s.yaml", value, problems: [], isIncomplete: false },
  lineAt: (path) => path.length + 1,
});

const read = (value: unknown) => {
  const { given, problems } = readFileSettings([houseSettings, doorSettings], fileWith(value));
  return { given: given.map(({ raw, where }) => [where(), raw]), problems };
};

const given = [
  { name: "no file", value: undefined, want: [] },
  { name: "a file of comments", value: null, want: [] },
  { name: "a section of comments", value: { tagaudit: null }, want: [] },
  { name: "other programs' sections", value: { keycheck: { whatever: 1 }, dirtymark: "x" }, want: [] },
  {
    name: "our sections",
    value: { run: { deadline: 9 }, tagaudit: { level: "low", exemptions: [] } },
    want: [
      ["file s.yaml line 3, run.deadline", 9],
      ["file s.yaml line 3, tagaudit.level", "low"],
      ["file s.yaml line 3, tagaudit.exemptions", []],
    ],
  },
  {
    name: "an original name",
    value: { tagaudit: { grace_minutes: 9, STRICT: true } },
    want: [
      ["file s.yaml line 3, tagaudit.grace_minutes", 9],
      ["file s.yaml line 3, tagaudit.STRICT", true],
    ],
  },
  {
    name: "a setting without a value",
    value: { run: { deadline: null } },
    want: [["file s.yaml line 3, run.deadline", null]],
  },
] as const;

for (const { name, value, want } of given)
  test(`reads: ${name}`, async (t) => t.strictSame(read(value), { given: want, problems: [] }));

const refused = [
  { name: "a list of sections", value: ["run"], want: ["file s.yaml line 1: not a map of sections"] },
  { name: "a text", value: "run", want: ["file s.yaml line 1: not a map of sections"] },
  { name: "a section that is a list", value: { run: [1] }, want: ["file s.yaml line 2, run: not a map of settings"] },
  { name: "an unknown section", value: { colours: {} }, want: ["file s.yaml line 2, colours: no such setting"] },
  {
    name: "a setting outside its section",
    value: { deadline: "9s" },
    want: ["file s.yaml line 2, deadline: no such setting; did you mean run.deadline?"],
  },
  {
    name: "a misspelled setting",
    value: { tagaudit: { levl: "low" } },
    want: ["file s.yaml line 3, tagaudit.levl: no such setting; did you mean tagaudit.level?"],
  },
  {
    name: "a setting in the wrong section",
    value: { tagaudit: { deadline: "9s" } },
    want: ["file s.yaml line 3, tagaudit.deadline: no such setting; did you mean run.deadline?"],
  },
  {
    name: "a setting that only a flag may give",
    value: { tagaudit: { follow: true } },
    want: ["file s.yaml line 3, tagaudit.follow: no such setting; did you mean --follow?"],
  },
  {
    name: "a setting with an inherited name",
    value: { tagaudit: { constructor: 1 } },
    want: ["file s.yaml line 3, tagaudit.constructor: no such setting"],
  },
] as const;

for (const { name, value, want } of refused)
  test(`refuses: ${name}`, async (t) => t.strictSame(read(value), { given: [], problems: want }));

test("an unreadable file keeps its problems and leaves the reading incomplete", async (t) => {
  const file = { ...fileWith(undefined), problems: ["it is torn"], isIncomplete: true };
  const reading = readFileSettings([houseSettings], file);
  t.match(reading, { source: "file", given: [], problems: ["it is torn"], isIncomplete: true });
});

test("where there is no file there is nothing", async (t) => {
  const reading = readFileSettings([houseSettings], noFile);
  t.match(reading, { given: [], problems: [], isIncomplete: false });
  t.equal(placeOf(noFile, ["run"]), "file  line 1, run");
});

const places = [
  { name: "the file as a whole", path: [], want: "file s.yaml line 1" },
  { name: "an item of a list", path: [2], want: "file s.yaml line 2, [2]" },
  { name: "a key inside an item", path: ["a", 2, "b"], want: "file s.yaml line 4, a[2].b" },
] as const;

for (const { name, path, want } of places) test(name, async (t) => t.equal(placeOf(fileWith(null), path), want));

test("a place inside a value is named", async (t) => {
  const [one] = readFileSettings([doorSettings], fileWith({ tagaudit: { exemptions: [] } })).given;
  t.equal(one?.where([1, "until"]), "file s.yaml line 5, tagaudit.exemptions[1].until");
});
