import { test } from "tap";
import { days } from "../../lib/core/time.ts";
import type { InstanceLadder } from "../../lib/tagaudit/ladder.ts";
import { reportEntry } from "../../lib/tagaudit/report-entries.ts";
import { aLadder, someSettings, told } from "../support/instance-ladders.ts";
import { anInstance, now, violating } from "../support/tagaudit-records.ts";

const stoppedByUs = { stopped: { at: now - days(1), id: "tagaudit/1" } };

interface Case {
  readonly name: string;
  readonly instance?: Parameters<typeof anInstance>[0];
  readonly ladder?: Partial<InstanceLadder>;
  readonly settings?: Parameters<typeof someSettings>[0];
  readonly isCommit?: boolean;
  readonly want: { readonly kind: string; readonly at: number | undefined };
}

const cases: readonly Case[] = [
  {
    name: "nothing is done below commit",
    isCommit: false,
    ladder: told(days(3)),
    want: { kind: "none", at: undefined },
  },
  { name: "its owner was not told yet: no time runs", want: { kind: "stop", at: undefined } },
  { name: "stop_after from when its owner was told", ladder: told(days(3)), want: { kind: "stop", at: now + days(4) } },
  {
    name: "stopped by us: terminate_after from then",
    ...{ instance: { state: "stopped" }, ladder: { ...told(days(9)), ...stoppedByUs } },
    want: { kind: "terminate", at: now + days(13) },
  },
  {
    name: "stopped, and nothing more is done",
    ...{ instance: { state: "stopped" }, ladder: told(days(9)), settings: { terminate: false } },
    want: { kind: "none", at: undefined },
  },
  {
    name: "what can't be stopped is only reported",
    ...{ instance: { rootDeviceType: "instance-store" }, ladder: told(days(9)) },
    want: { kind: "none", at: undefined },
  },
];

for (const { name, instance = {}, ladder = {}, settings = {}, isCommit = true, want } of cases) {
  test(`next step: ${name}`, async (t) => {
    const finding = violating({ instance: anInstance({ tags: { Name: "web-1" }, ...instance }) });
    const entry = reportEntry(finding, { ladder: aLadder(ladder), settings: someSettings(settings), isCommit, now });
    t.strictSame(entry.nextStep, want);
    t.match(entry, { region: "eu-west-1", instanceId: "i-0123456789abcdef0", name: "web-1" });
    t.equal(entry.since, Math.min(...finding.violations.map(({ since }) => since)));
    t.equal(entry.violations.length, finding.violations.length);
  });
}
