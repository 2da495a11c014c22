import { test } from "tap";
import { formatMissing, trackCoverage } from "../../lib/core/coverage.ts";
import { OpsError } from "../../lib/core/errors.ts";
import type { AccessKey, CredentialReport, IamUser, ReportSlot } from "../../lib/core/iam.ts";
import type { Point } from "../../lib/core/point.ts";
import type { KeycheckReads } from "../../lib/keycheck/collect.ts";
import { scanCredentialReport, scanKeys } from "../../lib/keycheck/scan.ts";
import { type KeycheckSettings, keycheckSettings } from "../../lib/keycheck/settings.ts";
import { encodePoint } from "../../lib/line-protocol/encode.ts";
import { openLog } from "../../lib/runtime/log.ts";
import type { RunSettings } from "../../lib/settings/run-settings.ts";
import { goldenCases, sortedLines } from "../support/golden.ts";
import { at } from "../support/keycheck-records.ts";
import { settingsFromYaml } from "../support/settings-from-yaml.ts";

interface KeyInput {
  readonly id: string;
  readonly created: string;
  readonly inactive?: boolean;
}

interface UserInput {
  readonly name: string;
  /** `/` where it is not given. */
  readonly path?: string;
  readonly created: string;
  readonly keys?: readonly KeyInput[];
  /** The message with which listing the keys is refused. */
  readonly denied?: string;
}

interface SlotInput {
  readonly active?: boolean;
  readonly rotated?: string;
  readonly used?: string;
}

interface RowInput {
  readonly user: string;
  readonly created: string;
  readonly slots: readonly SlotInput[];
}

interface Input {
  readonly now: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly users: readonly UserInput[];
  readonly report?: { readonly generated: string; readonly rows: readonly RowInput[] };
  readonly quarantined?: readonly string[];
  readonly service_credentials?: number;
}

const arnOf = (name: string, path = "/") => `arn:aws:iam::123456789012:user${path}${name}`;

const userOf = ({ name, path, created }: UserInput): IamUser => ({ name, arn: arnOf(name, path), createdAt: at(created) });

const keyOf = ({ id, created, inactive = false }: KeyInput): AccessKey => ({ id, active: !inactive, createdAt: at(created) });

const slotOf = ({ active = false, rotated, used }: SlotInput = {}): ReportSlot => ({
  active,
  lastRotatedAt: rotated === undefined ? undefined : at(rotated),
  lastUsedAt: used === undefined ? undefined : at(used),
});

function reportOf({ generated, rows }: NonNullable<Input["report"]>): CredentialReport {
  const read = rows.map(({ user, created, slots: [one, two] }) => ({
    ...{ user, arn: arnOf(user), createdAt: at(created) },
    slots: [slotOf(one), slotOf(two)] as const,
    additionalCredentials: undefined,
  }));
  return {
    generatedAt: at(generated),
    rows: new Map(read.filter(({ user }) => user !== "<root_account>").map((row) => [row.user, row])),
    root: read.find(({ user }) => user === "<root_account>"),
  };
}

const readsOf = ({ users, report, quarantined = [], service_credentials = 0 }: Input): KeycheckReads => ({
  async *listUsers() {
    yield users.map(userOf);
  },
  async listAccessKeys(name) {
    const user = users.find((user) => user.name === name);
    if (user?.denied !== undefined) throw new OpsError("denied", `iam:ListAccessKeys: ${user.denied}`);
    return (user?.keys ?? []).map(keyOf);
  },
  async readCredentialReport() {
    if (report === undefined) throw new OpsError("not_ready", "iam:GetCredentialReport: the report was not ready within 45 s");
    return reportOf(report);
  },
  listPolicyUsers: async (arn) => (arn.endsWith("V3") ? quarantined : []),
  countServiceCredentials: async () => service_credentials,
});

async function scan(input: Input) {
  const settings: KeycheckSettings = settingsFromYaml(keycheckSettings, input.settings ?? {});
  const points: Point[] = [];
  const result = await (settings.fromReport ? scanCredentialReport : scanKeys)(
    {
      scope: { partition: "aws", accountId: "123456789012", name: "prod", profile: "prod", callerArn: arnOf("telegraf") },
      // Reads are literal and the points are all there is to see, so no client is made.
      session: undefined as never,
      run: { concurrency: 20 } as RunSettings,
      printing: Promise.resolve({
        accountId: "123456789012",
        accountTag: "prod",
        legacyStatus: settings.legacyStatus,
        asOf: settings.at,
      }),
      settings,
      notes: trackCoverage(),
      exemptions: settings.exemptions,
      ...{ clock: () => at(input.now), environment: {} },
      ...{ openState: async () => undefined, findState: async () => undefined },
      log: openLog({ program: "keycheck", write: () => {}, now: () => 0 }),
      now: at(input.now),
      stop: new AbortController().signal,
      emit: async (emitted) => {
        points.push(...emitted);
      },
    },
    readsOf(input),
  );
  return { lines: points.map((point) => encodePoint(point).line ?? "not encoded"), missing: formatMissing(result.coverage) };
}

for (const { name, input, settle } of goldenCases("keycheck")) {
  test(name, async (t) => {
    const { lines, missing } = await scan(input as Input);
    const lp = settle("expected.lp", sortedLines(lines));
    t.equal(lp.found, lp.wanted);
    const err = settle("expected.err", missing === undefined ? undefined : `${missing}\n`);
    t.equal(err.found, err.wanted);
  });
}
