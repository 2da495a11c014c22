import { test } from "tap";
import { loadScheme } from "../../lib/tagaudit/load-scheme.ts";

const origins = {
  tags: { source: "flag", where: "flag --tags" },
  scheme: { source: "flag", where: "flag --scheme" },
  tagPolicy: { source: "flag", where: "flag --tag-policy" },
} as const;

const files: Readonly<Record<string, string>> = {
  "good.yaml": "tags:\n  owner:\n  project: { required: false }\n",
  "slip.yaml": "tags:\n  owner: { requird: true }\n",
  "torn.yaml": "tags: {",
  "policy.json": '{"tags":{"owner":{"tag_key":{"@@assign":"Owner"}}}}',
};

async function readFile(path: string): Promise<string> {
  const text = files[path];
  if (text === undefined) throw new Error("no such file");
  return text;
}

const nothing = { tags: [], confirm: false, scheme: undefined, tagPolicy: undefined };

const good = [
  { name: "a list of tags", given: { tags: ["owner", "project"] }, tags: ["owner", "project"], text: "owner,project" },
  { name: "a scheme file", given: { scheme: "good.yaml" }, tags: ["owner", "project"], text: "owner" },
  { name: "a tag policy", given: { tagPolicy: "policy.json" }, tags: ["Owner"], text: "" },
] as const;

for (const { name, given, tags, text } of good) {
  test(name, async (t) => {
    const loaded = await loadScheme({ ...nothing, ...given }, origins, readFile);
    t.match(loaded, { ok: true, scheme: { text } });
    t.strictSame(loaded.ok && loaded.scheme.rules.map(({ tag }) => tag), tags);
  });
}

const bad = [
  { name: "no such file", given: { scheme: "absent.yaml" }, want: /absent\.yaml/ },
  { name: "no YAML", given: { scheme: "torn.yaml" }, want: /torn\.yaml/ },
  {
    name: "a slip, with its file and line",
    given: { scheme: "slip.yaml" },
    want: /^file slip\.yaml line 2, tags\.owner\.requird: no such key/,
  },
  { name: "a tag twice", given: { tags: ["owner", "Owner"] }, want: /^flag --tags: Owner: / },
] as const;

for (const { name, given, want } of bad) {
  test(`${name}: refused`, async (t) => {
    const loaded = await loadScheme({ ...nothing, ...given }, origins, readFile);
    t.match(loaded, { ok: false, problems: { length: 1, 0: want } });
  });
}
