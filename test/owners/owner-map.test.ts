import { test } from "tap";
import { loadOwnerMap } from "../../lib/owners/load-owner-map.ts";
import { parseOwnerMap } from "../../lib/owners/owner-map.ts";

const right = [
  { name: "an empty map", value: {}, want: {} },
  {
    name: "users of every legal character",
    value: { "a+=,.@-_1": "U111", ada: "W222" },
    want: { "a+=,.@-_1": "U111", ada: "W222" },
  },
  { name: "a user in capitals", value: { Ada: "U111" }, want: { ada: "U111" } },
] as const;

for (const { name, value, want } of right)
  test(`takes ${name}`, async (t) =>
    t.strictSame(parseOwnerMap(value), { ok: true, map: new Map(Object.entries(want)) }));

const id = "a Slack id such as U0123ABCD";
const wrong = [
  { name: "a list", value: ["U111"], want: [": not a map of users to Slack ids"] },
  { name: "nothing", value: null, want: [": no value given, expected a map of users to Slack ids"] },
  { name: "a word", value: "ada", want: [': "ada" is not a map of users to Slack ids'] },
  { name: "a name for an id", value: { ada: "@ada", grace: "U111" }, want: [`ada: "@ada" is not ${id}`] },
  { name: "a channel", value: { ada: "C0123456" }, want: [`ada: "C0123456" is not ${id}`] },
  { name: "a user without an id", value: { ada: null }, want: [`ada: no value given, expected ${id}`] },
  { name: "a list of ids", value: { ada: ["U111"] }, want: [`ada: not ${id}`] },
  {
    name: "all wrong ids at once",
    value: { ada: "x", grace: 7 },
    want: [`ada: "x" is not ${id}`, `grace: "7" is not ${id}`],
  },
  {
    name: "a user in two spellings",
    value: { ada: "U111", ADA: "U222" },
    want: ["ADA: the same user again, in other letters"],
  },
] as const;

for (const { name, value, want } of wrong) {
  test(`refuses ${name}`, async (t) => {
    const parsed = parseOwnerMap(value);
    t.strictSame(parsed.ok ? [] : parsed.wrong.map(({ path, says }) => `${path.map(String).join(".")}: ${says}`), want);
  });
}

const files = [
  {
    name: "YAML",
    text: "ada: U111 # her\ngrace: W222\n",
    want: {
      ok: true,
      map: new Map([
        ["ada", "U111"],
        ["grace", "W222"],
      ]),
    },
  },
  { name: "JSON", text: '{ "ada": "U111" }', want: { ok: true, map: new Map([["ada", "U111"]]) } },
  {
    name: "a wrong id",
    text: "ada: U111\n\ngrace: grace\n",
    want: { ok: false, problems: [`file m.yaml line 3, grace: "grace" is not ${id}`] },
  },
  {
    name: "a user twice",
    text: "ada: U111\nada: U222\n",
    want: { ok: false, problems: ["file m.yaml line 2: ada stands here a second time"] },
  },
  {
    name: "a user twice in JSON",
    text: '{\n  "ada": "U111",\n  "Ada": "U222"\n}',
    want: { ok: false, problems: ["file m.yaml line 3, Ada: the same user again, in other letters"] },
  },
  {
    name: "a list",
    text: "# owners\n- ada: U111\n",
    want: { ok: false, problems: ["file m.yaml line 1: not a map of users to Slack ids"] },
  },
  {
    name: "nothing",
    text: "# nobody yet\n",
    want: { ok: false, problems: ["file m.yaml line 1: no value given, expected a map of users to Slack ids"] },
  },
  { name: "no YAML", text: "ada: [U111\n", want: { ok: false, problems: [/^file m\.yaml line \d: not YAML: /] } },
] as const;

for (const { name, text, want } of files) {
  test(`a file of ${name}`, async (t) => {
    const loaded = await loadOwnerMap({ path: "m.yaml", where: "flag --slack-map", readFile: async () => text });
    if (want.ok) t.strictSame(loaded, want);
    else t.match(loaded, want);
  });
}

test("a file that is not there is named with the setting that names it", async (t) => {
  const readFile = async () => {
    throw Object.assign(new Error("ENOENT: words"), { code: "ENOENT" });
  };
  t.strictSame(await loadOwnerMap({ path: "m.yaml", where: "flag --slack-map", readFile }), {
    ok: false,
    problems: ['flag --slack-map: cannot read "m.yaml": no such file'],
  });
});

test("a name that objects have of themselves is a user like any other", async (t) => {
  t.strictSame(parseOwnerMap({ constructor: "U111" }), { ok: true, map: new Map([["constructor", "U111"]]) });
});
