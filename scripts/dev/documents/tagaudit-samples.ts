import type { Instance } from "../../../lib/core/ec2.ts";
import type { Point } from "../../../lib/core/point.ts";
import { days, hours, minutes, parseInstant } from "../../../lib/core/time.ts";
import { encodePoint } from "../../../lib/line-protocol/encode.ts";
import { assessInstance, type Finding } from "../../../lib/tagaudit/assess.ts";
import type { AuditRun } from "../../../lib/tagaudit/audit-run.ts";
import { checkScheme } from "../../../lib/tagaudit/check-scheme.ts";
import { documentViolator, isViolator, rollUp } from "../../../lib/tagaudit/documents.ts";
import { tallyRegion } from "../../../lib/tagaudit/region-summary.ts";
import { reportRegion, violationReporter } from "../../../lib/tagaudit/report.ts";
import { parseTagList } from "../../../lib/tagaudit/tag-list.ts";

const accountId = "123456789012";
const region = "eu-west-1";
const now = parseInstant("2026-09-01T08:00:00Z") ?? 0;

const scheme = (() => {
  const parsed = parseTagList(["created_by", "department", "project"], false);
  if (!parsed.ok) throw new Error("the sample's scheme is none");
  return parsed.scheme;
})();

interface Sample extends Partial<Omit<Instance, "tags">> {
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
}

const anInstance = ({ tags, ...said }: Sample): Instance => ({
  ...{ region, zone: `${region}a`, state: "running", type: "m5.large", launchedAt: now - days(10) },
  ...{ vpcId: "vpc-0a1b2c3d", lifecycle: undefined, spotRequestId: undefined, rootDeviceType: "ebs" },
  ...{ operator: undefined, publicAddress: undefined },
  ...said,
  tags: new Map(Object.entries(tags)),
});

const complying = { created_by: "ada", department: "data", project: "reports" };

/** The canary, one that complies, one launched lately, one with a slip, and a member of a group. */
const inventory: readonly Instance[] = [
  anInstance({
    ...{ id: "i-0c0ffee0000000001", state: "stopped" },
    tags: { created_by: "cody", project: "API canary", department: "sysops", Name: `api-canary-${region}` },
  }),
  anInstance({ id: "i-0a0000000000000a1", tags: complying }),
  anInstance({ id: "i-0a0000000000000a2", launchedAt: now - minutes(20), tags: { Name: "scratch" } }),
  anInstance({
    ...{ id: "i-0a0000000000000a3", type: "m5.2xlarge" },
    tags: { "Created-By": "leila", department: "finance", project: "reports" },
  }),
  anInstance({
    ...{ id: "i-0a0000000000000a4", launchedAt: now - hours(6) },
    tags: { "aws:autoscaling:groupName": "shop-web", department: "payments", project: "shop" },
  }),
];

const judging = {
  ...{ scheme, clocks: undefined, users: undefined, grace: minutes(45), now },
  converting: new Set<string>(),
};
const findings: readonly Finding[] = inventory.map((instance) => assessInstance(instance, judging));

/** What a run with `--detail` prints of this region, without the status point. */
export function sampleOutput(): string {
  const vcpus = new Map([
    ["m5.large", 2],
    ["m5.2xlarge", 8],
  ]);
  const tally = tallyRegion({ scheme, now, vcpusOf: (type) => vcpus.get(type) });
  for (const finding of findings) tally.add(finding);
  const outcome = { accountId, region, state: "judged", now, deeds: { stopped: 0, terminated: 0, fixed: 0 } } as const;
  const points = [
    ...findings.flatMap(violationReporter(accountId, now)),
    ...reportRegion(tally.summary(), outcome),
  ] satisfies readonly Point[];
  return points.map((point) => `${encodePoint(point).line}\n`).join("");
}

const run: AuditRun = {
  ...{
    index: "aws-audits",
    runId: `${accountId}-${now}`,
    accountId,
    account: "acme-prod",
    tagScheme: scheme.text,
    now,
  },
  ecs: false,
};

/** A violator's document and the account's, as the sink documents writes them, but for the line breaks. */
export function sampleDocuments(): string {
  const rollup = rollUp(run);
  for (const finding of findings) rollup.add(finding);
  const documents = [
    ...findings.filter(isViolator).map((finding) => documentViolator(finding, { ...run, ecs: true })),
    rollup.document(),
  ];
  return documents
    .map(({ index, id, body }) => `${JSON.stringify({ _index: index, _id: id, ...body }, undefined, 2)}\n`)
    .join("");
}

/** What `--check-scheme tags.yaml --against inventory.json` prints of the same. */
export const sampleCheck = (): string => checkScheme({ scheme, notes: [], instances: inventory, now });
