import type { JsonObject } from "../core/json.ts";
import type { Finding } from "./assess.ts";
import type { AuditRun } from "./audit-run.ts";

/** https://www.elastic.co/guide/en/ecs/8.17/ecs-cloud.html and ecs-event.html */
const version = "8.17.0";

type AuditedAccount = Pick<AuditRun, "accountId" | "account">;

export const describeAudit = (run: AuditedAccount): JsonObject => ({
  ecs: { version },
  cloud: describeCloud(run),
  event: describeEvent("tagaudit.audit"),
});

export const describeViolator = ({ instance, violations }: Finding, run: AuditedAccount): JsonObject => ({
  ecs: { version },
  cloud: {
    ...describeCloud(run),
    region: instance.region,
    availability_zone: instance.zone,
    instance: { id: instance.id, name: instance.tags.get("Name") },
    machine: { type: instance.type },
  },
  event: { ...describeEvent("tagaudit.violator"), reason: violations.map(({ says }) => says).join("; ") },
});

const describeCloud = ({ accountId, account }: AuditedAccount) => ({
  provider: "aws",
  account: { id: accountId, name: account },
});

const describeEvent = (dataset: string) => ({
  ...{ kind: "state", category: ["configuration"], type: ["info"] },
  ...{ module: "tagaudit", dataset },
});
