import type { Reading } from "../event.ts";
import { asRecord, type ForeignRecord, memberOf, parseJson, quoteForeign, recordOf, textOf } from "../foreign-json.ts";
import { isInstanceId, parsePlace } from "../place.ts";
import { type BridgedEvent, type BridgeOptions, happenedAt, refuse } from "./bridged.ts";

/**
 * Types of Runtime Monitoring by which something ran on the instance, or changed it, also where the finding calls the
 * instance a target (GuardDuty User Guide, Runtime Monitoring finding types).
 */
const runtimeTypes: ReadonlySet<string> = new Set([
  ...["MaliciousFileExecuted", "NewBinaryExecuted", "NewLibraryLoaded", "ReverseShell", "SuspiciousCommand"].map(
    (name) => `Execution:Runtime/${name}`,
  ),
  ...["SuspiciousShellCreated", "SuspiciousTool"].map((name) => `Execution:Runtime/${name}`),
  ...["FilelessExecution", "KernelModuleLoaded", "ProcessInjection.Proc", "ProcessInjection.Ptrace"].map(
    (name) => `DefenseEvasion:Runtime/${name}`,
  ),
  ...["ProcessInjection.VirtualMemoryWrite", "PtraceAntiDebugging", "SuspiciousCommand"].map(
    (name) => `DefenseEvasion:Runtime/${name}`,
  ),
  ...["CGroupsReleaseAgentModified", "ContainerMountsHostDirectory", "DockerSocketAccessed", "ElevationToRoot"].map(
    (name) => `PrivilegeEscalation:Runtime/${name}`,
  ),
  ...["RuncContainerEscape", "SuspiciousCommand", "UserfaultfdUsage"].map(
    (name) => `PrivilegeEscalation:Runtime/${name}`,
  ),
  ...["Persistence:Runtime/SuspiciousCommand", "Discovery:Runtime/SuspiciousCommand"],
  "Impact:Runtime/CryptoMinerExecuted",
]);

/** As AWS writes them, such as `Backdoor:EC2/C&CActivity.B!DNS`. */
const findingType = /^[A-Za-z]{2,40}:[A-Za-z0-9]{2,40}\/[\w.!&]{2,80}$/;

/** A finding; the account is its own, since an administrator account is sent those of its members, too. */
export function parseFinding(event: BridgedEvent, { guardDuty, sentAt }: BridgeOptions): Reading {
  const { detail, origin, id } = event;
  if (guardDuty === "off") return ignore("findings of GuardDuty are not asked for");
  const parsed = parsePlace(memberOf(detail, "accountId"), memberOf(detail, "region"));
  if (!parsed.ok) return refuse("malformed", parsed.says);
  const [type, service] = [textOf(detail, "type") ?? "", recordOf(detail, "service")];
  if (!findingType.test(type)) return refuse("malformed", `${quoteForeign(type)} is no type of a finding`);
  if (isSample(detail, service)) return ignore("a sample finding");
  if (memberOf(service, "archived") === true) return ignore("an archived finding");
  if (textOf(service, "resourceRole") !== "ACTOR" && !runtimeTypes.has(type))
    return ignore(`the finding ${quoteForeign(type)} says of no deed of the instance's`);
  const instanceId = memberOf(recordOf(recordOf(detail, "resource"), "instanceDetails"), "instanceId");
  if (!isInstanceId(instanceId)) return ignore(`the resource ${quoteForeign(instanceId)} is no EC2 instance`);
  const at = happenedAt(textOf(service, "eventLastSeen"), sentAt);
  // A finding is sent again, under its old id, when its deed is seen again: the event's id tells them apart.
  const said = { name: `guardduty:${type}`, source: "guardduty", id, at } as const;
  const nobody = { principal: undefined, address: undefined };
  return { is: "events", events: [{ ...parsed.place, ...said, ...nobody, instanceId }], origin };
}

/** CreateSampleFindings marks its findings so, the newer form as text inside the record. */
function isSample(detail: ForeignRecord, service: ForeignRecord | undefined): boolean {
  const further = recordOf(service, "additionalInfo");
  const inside = asRecord(parseJson(textOf(further, "value") ?? ""));
  return (
    memberOf(further, "sample") === true ||
    memberOf(inside, "sample") === true ||
    (textOf(detail, "title") ?? "").startsWith("[SAMPLE]")
  );
}

const ignore = (says: string): Reading => ({ is: "ignored", says });
