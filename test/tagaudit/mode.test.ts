import { test } from "tap";
import { modeOf } from "../../lib/tagaudit/mode.ts";

type Source = "default" | "flag";
const origin = (source: Source, where: string) => ({ source, where });

interface Case {
  readonly name: string;
  readonly terminate: boolean;
  readonly given: Source;
  readonly mode: "observe" | "commit";
  readonly modeGiven: Source;
  readonly want: ReturnType<typeof modeOf>;
}

const cases: readonly Case[] = [
  {
    name: "nothing said",
    terminate: false,
    given: "default",
    mode: "observe",
    modeGiven: "default",
    want: { mode: "observe" },
  },
  {
    name: "a mode said is the mode",
    terminate: true,
    given: "flag",
    mode: "commit",
    modeGiven: "flag",
    want: { mode: "commit" },
  },
  {
    name: "terminate by default would say nothing",
    terminate: true,
    given: "default",
    mode: "observe",
    modeGiven: "default",
    want: { mode: "observe" },
  },
  {
    name: "the original's switch alone raises the mode to notify, and says what is missing",
    ...{ terminate: true, given: "flag", mode: "observe", modeGiven: "default" },
    want: {
      mode: "notify",
      warning: "flag -k: sets mode to notify, in which nothing is terminated; for that give mode commit",
    },
  },
];

for (const { name, terminate, given, mode, modeGiven, want } of cases) {
  test(name, async (t) => {
    const origins = { run: { mode: origin(modeGiven, "") }, program: { terminate: origin(given, "flag -k") } };
    t.strictSame(modeOf({ terminate }, { mode, origins }), want);
  });
}
