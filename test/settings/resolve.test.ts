import { test } from "tap";
import { declareSettings, setting } from "../../lib/settings/declare.ts";
import { duration, text } from "../../lib/settings/kinds.ts";
import { readEnvironment } from "../../lib/settings/read-environment.ts";
import { readFileSettings } from "../../lib/settings/read-file.ts";
import { type ParsedArguments, readFlags } from "../../lib/settings/read-flags.ts";
import { resolveSettings } from "../../lib/settings/resolve.ts";
import { doorSettings, houseSettings } from "./sample-declaration.ts";

interface Sources {
  readonly flags?: ParsedArguments["flags"];
  readonly words?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly file?: unknown;
  readonly unreadable?: boolean;
}

function resolve({ flags = {}, words = [], environment = {}, file: value, unreadable = false }: Sources) {
  const declarations = [houseSettings, doorSettings] as const;
  const file = { path: "s.yaml", value, lineAt: () => 7, problems: [], isIncomplete: unreadable };
  return resolveSettings(declarations, [
    readFlags(declarations, { flags, words, rest: [] }),
    readEnvironment(declarations, environment),
    readFileSettings(declarations, file),
  ]);
}

const defaults = {
  ...{ openAfter: 900_000, closeAfter: 3_600_000, ports: [443], doors: [], strict: false },
  ...{ level: undefined, token: undefined, exemptions: [], follow: false },
};

test("without any source every setting has its default", async (t) =>
  t.match(resolve({}), { ok: true, settings: [{ deadline: 110_000 }, defaults] }));

const everywhere: Required<Pick<Sources, "flags" | "environment" | "file">> = {
  flags: { level: ["low"] },
  environment: { TAGAUDIT_LEVEL: "high", TAGAUDIT_STRICT: "yes" },
  file: { run: { deadline: 9 }, tagaudit: { level: "high", strict: false, ports: [1, 2] } },
};

test("a flag beats the environment, which beats the file, which beats the default", async (t) => {
  const resolved = resolve(everywhere);
  if (!resolved.ok) return t.fail(resolved.problems.join());
  const [house, doors] = resolved.settings;
  t.strictSame(house, { deadline: 9000 });
  t.strictSame(doors, { ...defaults, level: "low", strict: true, ports: [1, 2] });
  const [, origins] = resolved.origins;
  t.match(origins, {
    level: { source: "flag", where: "flag --level" },
    strict: { source: "environment", where: "environment TAGAUDIT_STRICT" },
    ports: { source: "file", where: "file s.yaml line 7, tagaudit.ports" },
    openAfter: { source: "default", where: "default of tagaudit.open_after" },
  });
});

test("settings are frozen to the bottom", async (t) => {
  const resolved = resolve({ file: { tagaudit: { exemptions: [{ door: "a", until: "2026-03-01" }] } } });
  if (!resolved.ok) return t.fail(resolved.problems.join());
  const [, doors] = resolved.settings;
  const all = [resolved.settings, doors, doors.exemptions, doors.exemptions[0], doors.ports, resolved.origins];
  t.strictSame(
    all.map((one) => Object.isFrozen(one)),
    all.map(() => true),
  );
});

const problems: readonly (Sources & { readonly name: string; readonly want: readonly string[] })[] = [
  {
    name: "a wrong value in each source, each under its own name",
    flags: { g: ["soon"] },
    environment: { TAGAUDIT_LEVEL: "mid" },
    file: { run: { deadline: "2h" }, tagaudit: { STRICT: "maybe" } },
    want: [
      'file s.yaml line 7, run.deadline: "2h" is not a duration from 1s to 1h, such as 90d, 36h or 15m; a bare number means seconds',
      'flag -g: "soon" is not a duration, such as 90d, 36h or 15m; a bare number means minutes',
      'file s.yaml line 7, tagaudit.STRICT: "maybe" is not true or false (yes or no, on or off, 1 or 0)',
      'environment TAGAUDIT_LEVEL: "mid" is not one of low, high',
    ],
  },
  {
    name: "a wrong value that a stronger source hides",
    flags: { level: ["low"] },
    environment: { TAGAUDIT_LEVEL: "mid" },
    want: ['environment TAGAUDIT_LEVEL: "mid" is not one of low, high'],
  },
  {
    name: "a wrong secret",
    environment: { TAGAUDIT_TOKEN: "hunter2" },
    want: ["environment TAGAUDIT_TOKEN: [redacted] is not a token"],
  },
  {
    name: "a wrong item of a list, in a flag and in the file",
    flags: { ports: ["1,0"] },
    file: { tagaudit: { ports: [1, 70000] } },
    want: [
      'flag --ports: "0" is not a whole number from 1 to 65535',
      'file s.yaml line 7, tagaudit.ports[1]: "70000" is not a whole number from 1 to 65535',
    ],
  },
  { name: "a wrong argument", words: ["a", "B"], want: ['argument: "B" is not a door'] },
  {
    name: "a wrong key inside a structure",
    file: { tagaudit: { exemptions: [{ door: "a", until: "2026-03-01", untill: "" }] } },
    want: ["file s.yaml line 7, tagaudit.exemptions[0].untill: no such key"],
  },
  {
    name: "a setting without a value in the file",
    file: { tagaudit: { level: null } },
    want: ["file s.yaml line 7, tagaudit.level: no value given, expected one of low, high"],
  },
  {
    name: "unknown names come first",
    flags: { level: ["mid"] },
    environment: { TAGAUDIT_LEVL: "low" },
    want: [
      "environment TAGAUDIT_LEVL: no such setting; did you mean TAGAUDIT_LEVEL?",
      'flag --level: "mid" is not one of low, high',
    ],
  },
  {
    name: "two names of one setting with two values in one source",
    environment: { TAGAUDIT_OPEN_AFTER: "9m", grace_minutes: "8" },
    want: ['environment grace_minutes: "8" contradicts "9m" of environment TAGAUDIT_OPEN_AFTER'],
  },
  {
    name: "two names of one secret with two values in one source",
    environment: { TAGAUDIT_TOKEN: "t-1", door_token: "t-2" },
    want: ["environment door_token: [redacted] contradicts [redacted] of environment TAGAUDIT_TOKEN"],
  },
  {
    name: "a list by flag and by argument",
    flags: { doors: ["a"] },
    words: ["b", "c"],
    want: ['argument: "b,c" contradicts "a" of flag --doors'],
  },
  {
    name: "two names of one setting, one with a wrong value",
    environment: { TAGAUDIT_OPEN_AFTER: "9m", grace_minutes: "soon" },
    want: ['environment grace_minutes: "soon" is not a duration, such as 90d, 36h or 15m; a bare number means minutes'],
  },
  {
    name: "two names of one setting, the other with a wrong value",
    environment: { TAGAUDIT_OPEN_AFTER: "soon", grace_minutes: "9" },
    want: [
      'environment TAGAUDIT_OPEN_AFTER: "soon" is not a duration, such as 90d, 36h or 15m; a bare number means minutes',
    ],
  },
  {
    name: "settings that don't go together, one of them a default",
    flags: { "open-after": ["60m"] },
    want: ["flag --open-after: open_after must be shorter than close_after"],
  },
  {
    name: "settings that don't go together, from two sources",
    environment: { TAGAUDIT_OPEN_AFTER: "2m" },
    file: { tagaudit: { close_after: "2m" } },
    want: [
      "environment TAGAUDIT_OPEN_AFTER and file s.yaml line 7, tagaudit.close_after: open_after must be shorter than close_after",
    ],
  },
  {
    name: "settings that don't go together, beside a wrong value elsewhere",
    flags: { "open-after": ["60m"], level: ["mid"] },
    want: [
      'flag --level: "mid" is not one of low, high',
      "flag --open-after: open_after must be shorter than close_after",
    ],
  },
  {
    name: "settings are not held against one that could not be read",
    flags: { "open-after": ["60m"] },
    environment: { TAGAUDIT_CLOSE_AFTER: "soon" },
    want: ['environment TAGAUDIT_CLOSE_AFTER: "soon" is not a duration, such as 90d, 36h or 15m'],
  },
  {
    name: "settings are not held against one whose flag has no value",
    flags: { "open-after": ["60m"], "close-after": [undefined] },
    want: ["flag --close-after: no value given, expected a duration, such as 90d, 36h or 15m"],
  },
];

for (const { name, want, ...sources } of problems)
  test(`refuses: ${name}`, async (t) => t.strictSame(resolve(sources), { ok: false, problems: want }));

const agreeing: readonly (Sources & { readonly name: string; readonly want: object })[] = [
  {
    name: "two names of one setting that mean the same",
    environment: { TAGAUDIT_OPEN_AFTER: "9m", grace_minutes: "9" },
    want: { openAfter: 540_000 },
  },
  {
    name: "one name each in two sources",
    environment: { grace_minutes: "9" },
    file: { tagaudit: { open_after: 8 } },
    want: { openAfter: 540_000 },
  },
  {
    name: "a millisecond of difference is enough",
    flags: { "close-after": ["900001ms"] },
    want: { closeAfter: 900_001 },
  },
  {
    name: "nothing is held together while a file that may say more can't be read",
    flags: { "open-after": ["60m"] },
    unreadable: true,
    want: { openAfter: 3_600_000 },
  },
];

for (const { name, want, ...sources } of agreeing) {
  test(`accepts: ${name}`, async (t) => {
    const resolved = resolve(sources);
    t.match(resolved, { ok: true, settings: [{}, want] });
  });
}

test("a check is handed the values and origins it asked for", async (t) => {
  const asked: unknown[] = [];
  const declared = declareSettings(
    "keycheck",
    {
      a: setting(text(), { says: "A." }),
      b: setting(text(), { default: "x", says: "B." }),
      c: setting(text(), { says: "C." }),
    },
    (check) => [check(["a", "b"], (values, origins) => void asked.push(values, origins))],
  );
  const sources = readEnvironment([declared], { KEYCHECK_A: "y", KEYCHECK_C: "z" });
  t.equal(resolveSettings([declared], [sources]).ok, true);
  t.strictSame(asked, [
    { a: "y", b: "x" },
    {
      a: { source: "environment", where: "environment KEYCHECK_A" },
      b: { source: "default", where: "default of keycheck.b" },
    },
  ]);
});

test("a check that only defaults break names their places", async (t) => {
  const declared = declareSettings(
    "keycheck",
    { a: setting(duration(), { default: "2s", says: "A." }), b: setting(duration(), { default: "1s", says: "B." }) },
    (check) => [check(["a", "b"], ({ a, b }) => (a < b ? undefined : "a must be shorter than b"))],
  );
  t.strictSame(resolveSettings([declared], []), {
    ok: false,
    problems: ["default of keycheck.a and default of keycheck.b: a must be shorter than b"],
  });
});

test("a default of a kind that only its schema can read is read by that", async (t) => {
  const { readDefault: _, ...checked } = duration();
  const declare = (written: string) =>
    declareSettings("keycheck", {
      a: setting({ ...checked, schema: duration().schema }, { default: written, says: "A." }),
    });
  t.match(resolveSettings([declare("1s")], []), { ok: true, settings: [{ a: 1000 }] });
  t.strictSame(resolveSettings([declare("x")], []), {
    ok: false,
    problems: ['default of keycheck.a: "x" is not a duration, such as 90d, 36h or 15m'],
  });
});
