import { test } from "tap";
import { readEnvironment } from "../../lib/settings/read-environment.ts";
import { doorSettings, houseSettings } from "./sample-declaration.ts";

const read = (environment: Readonly<Record<string, string | undefined>>) => {
  const { given, problems } = readEnvironment([houseSettings, doorSettings], environment);
  return { given: given.map(({ raw, where }) => `${where()} = ${raw}`), problems };
};

const given = [
  { name: "our name", environment: { TAGAUDIT_LEVEL: "low" }, want: ["environment TAGAUDIT_LEVEL = low"] },
  {
    name: "the shared prefix",
    environment: { STALEWATCH_DEADLINE: "9s" },
    want: ["environment STALEWATCH_DEADLINE = 9s"],
  },
  { name: "an original name", environment: { grace_minutes: "9" }, want: ["environment grace_minutes = 9"] },
  {
    name: "ours before the original, however they are sorted",
    environment: { grace_minutes: "9", TAGAUDIT_OPEN_AFTER: "8m", STRICT: "1", TAGAUDIT_STRICT: "0" },
    want: [
      "environment TAGAUDIT_OPEN_AFTER = 8m",
      "environment grace_minutes = 9",
      "environment TAGAUDIT_STRICT = 0",
      "environment STRICT = 1",
    ],
  },
  {
    name: "a name in another case is another name",
    environment: { GRACE_MINUTES: "9", tagaudit_level: "low" },
    want: [],
  },
  { name: "set to nothing is not set", environment: { TAGAUDIT_LEVEL: "", STALEWATCH_DEADLINE: undefined }, want: [] },
  {
    name: "other programs' variables",
    environment: { KEYCHECK_LEVEL: "low", PATH: "/bin", TAGAUDITOR_X: "1" },
    want: [],
  },
] as const;

for (const { name, environment, want } of given)
  test(`reads: ${name}`, async (t) => t.strictSame(read(environment), { given: want, problems: [] }));

const kubernetes = [
  ["TAGAUDIT_SERVICE_HOST", "10.0.0.1"],
  ["TAGAUDIT_SERVICE_PORT", "80"],
  ["TAGAUDIT_SERVICE_PORT_HTTP", "80"],
  ["TAGAUDIT_PORT", "tcp://10.0.0.1:80"],
  ["TAGAUDIT_PORT_80_TCP", "tcp://10.0.0.1:80"],
  ["TAGAUDIT_PORT_80_TCP_PROTO", "tcp"],
  ["TAGAUDIT_PORT_80_TCP_PORT", "80"],
  ["TAGAUDIT_PORT_80_TCP_ADDR", "10.0.0.1"],
  ["TAGAUDIT_PORT_53_UDP", "udp://10.0.0.1:53"],
  ["STALEWATCH_SERVICE_HOST", "10.0.0.1"],
  ["STALEWATCH_TELEGRAF_SERVICE_HOST", "10.0.0.1"],
  ["STALEWATCH_TELEGRAF_PORT", "tcp://10.0.0.1:80"],
] as const;

for (const [name, value] of kubernetes)
  test(`ignores Kubernetes' ${name}`, async (t) => t.strictSame(read({ [name]: value }), { given: [], problems: [] }));

const refused = [
  {
    environment: { TAGAUDIT_LEVELS: "x" },
    want: ["environment TAGAUDIT_LEVELS: no such setting; did you mean TAGAUDIT_LEVEL?"],
  },
  {
    environment: { TAGAUDIT_PORT: "80" },
    want: ["environment TAGAUDIT_PORT: no such setting; did you mean TAGAUDIT_PORTS?"],
  },
  { environment: { TAGAUDIT_PORT_80: "80" }, want: ["environment TAGAUDIT_PORT_80: no such setting"] },
  { environment: { TAGAUDIT_SERVICE: "80" }, want: ["environment TAGAUDIT_SERVICE: no such setting"] },
  { environment: { TAGAUDIT_: "" }, want: ["environment TAGAUDIT_: no such setting"] },
  {
    environment: { STALEWATCH_DEADLINES: "1" },
    want: ["environment STALEWATCH_DEADLINES: no such setting; did you mean STALEWATCH_DEADLINE?"],
  },
  {
    environment: { TAGAUDIT_B: "1", TAGAUDIT_A: "2" },
    want: ["environment TAGAUDIT_A: no such setting", "environment TAGAUDIT_B: no such setting"],
  },
] as const;

for (const { environment, want } of refused)
  test(`refuses ${Object.keys(environment).join(", ")}`, async (t) =>
    t.strictSame(read(environment), { given: [], problems: want }));
