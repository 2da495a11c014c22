import type { Document } from "../core/document.ts";
import type { Instance } from "../core/ec2.ts";
import type { JsonObject } from "../core/json.ts";
import { formatInstant, type Millis, minutes } from "../core/time.ts";
import type { Finding } from "./assess.ts";
import type { AuditRun } from "./audit-run.ts";
import { describeAudit, describeViolator } from "./ecs-names.ts";

/** What the original calls a violator: in violation, past its grace, and nothing that spares it. */
export const isViolator = ({ standing }: Finding): boolean => standing === "violating";

/** One violator's own document. */
export const documentViolator = (finding: Finding, run: AuditRun): Document => ({
  index: run.index,
  id: `${run.runId}:${finding.instance.region}:${finding.instance.id}`,
  body: {
    doc_type: "aws_tag_violator",
    "@timestamp": formatInstant(run.now),
    account: run.account,
    ...describeInstance(finding.instance, run.now),
    violations: finding.violations.map(({ tag, kind }) => `${tag}=${kind}`),
    owner: finding.owner,
    ...(run.ecs ? describeViolator(finding, run) : {}),
  },
});

const mostViolators = 10_000;

export interface AuditRollup {
  add(finding: Finding): void;
  document(): Document;
}

/** The account's own document: takes findings one by one and keeps the first ten thousand violators. */
export function rollUp(run: AuditRun): AuditRollup {
  const violators: JsonObject[] = [];
  let count = 0;
  return {
    add(finding) {
      if (!isViolator(finding)) return;
      count += 1;
      if (violators.length < mostViolators) violators.push(describeInstance(finding.instance, run.now));
    },
    document: () => ({
      index: run.index,
      id: `${run.runId}:${run.accountId}`,
      body: {
        doc_type: "aws_tag_audit",
        "@timestamp": formatInstant(run.now),
        account: run.account,
        tag_scheme: run.tagScheme,
        violator_count: count,
        violators: [...violators],
        violators_truncated: count > violators.length,
        ...(run.ecs ? describeAudit(run) : {}),
      },
    }),
  };
}

/** `age` in minutes since the last launch, as the original counts it and its `--grace`. */
const describeInstance = ({ id, region, state, launchedAt, tags }: Instance, now: Millis) => ({
  age: Math.max(0, now - launchedAt) / minutes(1),
  ...{ id, region, state },
  tags: [...tags].map(([key, value]) => `${key}=${value}`).toSorted(),
});
