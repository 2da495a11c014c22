import { asRecord, type ForeignRecord, memberOf, parseJson } from "../host-events/foreign-json.ts";

/** EC2 assumes the roles of its instances by these names, in China by the second as well. */
const ec2: ReadonlySet<string> = new Set(["ec2.amazonaws.com", "ec2.amazonaws.com.cn"]);

/**
 * Whether nobody but EC2 can assume a role with this trust policy. Whoever else may chooses the name of the session, and
 * with it the instance id that the queue then shows as the sender's. Whatever can't be read is no such policy, and nor is one
 * that says whom it does not mean.
 */
export function trustsEc2Only(policy: string | undefined): boolean {
  const document = asRecord(parseJson(policy ?? ""));
  const said = memberOf(document, "Statement");
  const statements = (Array.isArray(said) ? said : [said]).map(asRecord);
  const allowing = statements.filter((statement) => memberOf(statement, "Effect") !== "Deny");
  return (
    allowing.length > 0 &&
    statements.every((statement) => statement !== undefined && memberOf(statement, "NotPrincipal") === undefined) &&
    allowing.every(allowsEc2Only)
  );
}

function allowsEc2Only(statement: ForeignRecord | undefined): boolean {
  const principal = asRecord(memberOf(statement, "Principal"));
  if (memberOf(statement, "Effect") !== "Allow" || principal === undefined) return false;
  const services = memberOf(principal, "Service");
  const names: readonly unknown[] = Array.isArray(services) ? services : [services];
  return Object.keys(principal).length === 1 && names.length > 0 && names.every(isEc2);
}

const isEc2 = (name: unknown): boolean => typeof name === "string" && ec2.has(name);
