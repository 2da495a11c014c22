import { test } from "tap";
import { nameSetting, prefixOf, type Source, sources } from "../../lib/settings/names.ts";

interface Case {
  readonly name: string;
  readonly section?: string;
  readonly key: string;
  readonly original?: readonly string[];
  readonly from?: readonly Source[];
  readonly want: Readonly<Record<Source, readonly string[]>>;
}

const cases: readonly Case[] = [
  {
    name: "each source spells a name its own way",
    key: "expireAge",
    want: { flag: ["--expire-age"], environment: ["KEYCHECK_EXPIRE_AGE"], file: ["expire_age"] },
  },
  {
    name: "what all programs share has the package's prefix",
    section: "run",
    key: "mode",
    want: { flag: ["--mode"], environment: ["STALEWATCH_MODE"], file: ["mode"] },
  },
  {
    name: "a predecessor's variable is known in environment and file",
    key: "logLevel",
    original: ["LOGGING_LEVEL"],
    want: {
      flag: ["--log-level"],
      environment: ["KEYCHECK_LOG_LEVEL", "LOGGING_LEVEL"],
      file: ["log_level", "LOGGING_LEVEL"],
    },
  },
  {
    name: "an original name equal to ours is not known twice",
    key: "expireAge",
    original: ["expire_age"],
    want: { flag: ["--expire-age"], environment: ["KEYCHECK_EXPIRE_AGE", "expire_age"], file: ["expire_age"] },
  },
  {
    name: "a predecessor's flag is known on the command line only",
    key: "grace",
    original: ["-g", "--grace-time", "--grace"],
    want: { flag: ["--grace", "-g", "--grace-time"], environment: ["KEYCHECK_GRACE"], file: ["grace"] },
  },
  {
    name: "a source that may not give the setting has no name for it",
    key: "execd",
    original: ["EXECD"],
    from: ["flag"],
    want: { flag: ["--execd"], environment: [], file: [] },
  },
];

for (const { name, section = "keycheck", key, original = [], from = sources, want } of cases) {
  test(name, async (t) => {
    const { flag, environment, file } = nameSetting({ section, key, original, from });
    t.strictSame({ flag, environment, file }, want);
  });
}

test("the stem is the name in no source's dress", async (t) => {
  const names = nameSetting({ section: "run", key: "logLevel", original: [], from: [] });
  t.match(names, { section: "run", stem: "log_level", flag: [], environment: [], file: [] });
});

test("a program's prefix is its name", async (t) => t.equal(prefixOf("dirtymark"), "DIRTYMARK"));
