import { test } from "tap";
import { hours, minutes } from "../../lib/core/time.ts";
import { loadSettings } from "../../lib/settings/load-settings.ts";
import { runSettings } from "../../lib/settings/run-settings.ts";
import { refuseRun, tagauditSettings } from "../../lib/tagaudit/settings.ts";
import { settingsFromYaml } from "../support/settings-from-yaml.ts";

const load = (...argv: readonly string[]) =>
  loadSettings({
    ...{ program: "tagaudit", says: "", examples: [], declarations: [runSettings, tagauditSettings] as const },
    ...{ argv, environment: {}, readFile: async () => "" },
  });

test("the original's command line is taken as it was", async (t) => {
  const loaded = await load("-r", "us-west-1,eu-west-1", "-t", "created_by,department", "-g", "45", "-c");
  t.match(loaded, {
    program: {
      regions: ["us-west-1", "eu-west-1"],
      tags: ["created_by", "department"],
      grace: minutes(45),
      confirm: true,
    },
  });
  t.match(await load("--regions", "us-west-1", "--tags", "owner", "--grace", "2h"), { program: { grace: hours(2) } });
});

for (const flag of ["-a", "--aws_access_key", "-s", "--aws_secret_key"]) {
  test(`${flag} is refused, and what it was given is not said`, async (t) => {
    const loaded = await load("-t", "owner", flag, "wJalrXUtnFEMI");
    t.match(loaded, { kind: "problems", problems: { length: 1, 0: /ps shows it to everybody/ } });
    t.notMatch(JSON.stringify(loaded), "wJalrXUtnFEMI");
  });
}

const refusals = [
  {
    name: "two ways to say which tags",
    given: { tags: "a", scheme: "s.yaml" },
    want: /only one of tags, scheme and tag_policy/,
  },
  {
    name: "an inventory without a scheme to check",
    given: { tags: "a", against: "x" },
    want: /against goes with check_scheme/,
  },
  { name: "AWS's own tags", given: { tags: "aws:cloudformation:stack-id" }, want: /not one of AWS's own/ },
] as const;

for (const { name, given, want } of refusals) {
  test(`${name}: refused`, async (t) => {
    const flags = Object.entries(given).flatMap(([key, value]) => [`--${key}`, value]);
    t.match(await load(...flags), { kind: "problems", problems: { length: 1, 0: want } });
  });
}

test("which tags are asked for must be said, unless only a scheme is checked", async (t) => {
  const { against: _, ...empty } = settingsFromYaml(tagauditSettings, {});
  const rows = [
    { given: {}, problems: 1 },
    { given: { tags: ["owner"] }, problems: 0 },
    { given: { scheme: "s.yaml" }, problems: 0 },
    { given: { tagPolicy: "p.json" }, problems: 0 },
    { given: { checkScheme: "s.yaml" }, problems: 0 },
  ];
  for (const { given, problems } of rows)
    t.equal(refuseRun({ ...empty, against: undefined, ...given }).length, problems, JSON.stringify(given));
});
