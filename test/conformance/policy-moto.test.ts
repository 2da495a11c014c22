import { createHash } from "node:crypto";
import { IAMClient } from "@aws-sdk/client-iam";
import { t as file, type Test, test } from "tap";
import { minutes } from "../../lib/core/time.ts";
import {
  complement,
  diff,
  expand,
  formatProblem,
  minimise,
  type Policy,
  parsePolicy,
  permissionsOf,
  type Statement,
  subtract,
} from "../../lib/policy/library.ts";
import { minimisePolicies } from "../../lib/policy/minimise-policies.ts";
import { clientConfig } from "../demo/offline-clients.ts";
import { createRole, getInline, refusalOfInline } from "./support/inline-policy.ts";
import { type ManagedPolicy, readManagedPolicies } from "./support/managed-policies.ts";
import { skipWithout } from "./support/peers.ts";
import { startMoto } from "./support/start-moto.ts";

/** The policy language on every AWS-managed policy that moto carries, read from it; MANAGED_POLICIES=100 takes fewer. */
const skip = skipWithout("moto");

file.setTimeout(minutes(10));

const asked = Number(process.env.MANAGED_POLICIES ?? Number.POSITIVE_INFINITY);

test("every AWS-managed policy of moto's", { skip }, async (t) => {
  const moto = await startMoto(t);
  const client = new IAMClient(clientConfig(moto.environment()));
  const managed = await readManagedPolicies(client, asked);
  t.ok(managed.length >= Math.min(asked, 1400), `${managed.length} policies`);
  const policies = parseAll(t, managed);
  await t.test("what gives the same is minimised to itself, and never grows", async (t) => checkMinimise(t, policies));
  await t.test("taking nothing changes no byte", async (t) => {
    const { policies: left, ...rest } = subtract(policies, []);
    t.strictSame(left, managed);
    t.strictSame(rest, { emptied: [], changes: [], unknown: [], unmatched: [] });
  });
  await t.test("taking a third takes just that, and moto takes the rest", async (t) => {
    await createRole(client);
    await checkSubtract(t, policies, client);
  });
});

/** AWS's own documents: what is refused here is a fault of the parser's. */
function parseAll(t: Test, managed: readonly ManagedPolicy[]): readonly Policy[] {
  const parsed = managed.map(({ name, text }) => ({ name, result: parsePolicy(text, name) }));
  const refused = parsed.flatMap(({ name, result }) =>
    result.ok ? [] : [`${name}: ${result.problems.map(formatProblem).join(", ")}`],
  );
  t.strictSame(refused, []);
  return parsed.flatMap(({ result }) => (result.ok ? [result.policy] : []));
}

function checkMinimise(t: Test, policies: readonly Policy[]): void {
  const faults = policies.flatMap(({ name, statements }) =>
    statements.flatMap((statement) =>
      faultsOfMinimised(statement).map((fault) => `${name} ${statement.index} ${fault}`),
    ),
  );
  t.strictSame(faults, []);
  const shorter = minimisePolicies(policies);
  const grown = policies.flatMap((policy, index) => {
    const { text = "" } = shorter.policies[index] ?? {};
    const { gained, lost, widened, size } = diff([policy], parse(text, policy.name));
    const isSame = gained.length + lost.length + widened.length === 0;
    return isSame && size.after <= size.before ? [] : [`${policy.name}: ${gained} ${lost} ${widened}`];
  });
  t.strictSame(grown, []);
  t.comment(`${shorter.changes.length} statements got shorter`);
}

const parse = (text: string, name: string): readonly Policy[] => {
  const parsed = parsePolicy(text, name);
  if (!parsed.ok) throw new Error(`${name}: ${parsed.problems.map(formatProblem).join(", ")}`);
  return [parsed.policy];
};

function faultsOfMinimised({ element, patterns }: Statement): readonly string[] {
  const [kept, bounds] =
    element === "Action"
      ? [expand(patterns), { within: patterns }]
      : [complement(patterns), { within: ["*"], without: patterns }];
  const minimised = minimise(kept, bounds).patterns;
  const isGrown = element === "Action" && lettersOf(minimised) > lettersOf(patterns);
  const isSame = expand(minimised).join() === kept.join();
  return [...(isSame ? [] : ["does not give the same"]), ...(isGrown ? ["grows"] : [])];
}

const lettersOf = (patterns: readonly string[]): number => JSON.stringify(patterns).length;

/** A third of the names in no order, and for each policy always the same. */
const isTaken = (policy: string, action: string): boolean =>
  (createHash("sha256").update(`${policy} ${action}`).digest()[0] ?? 0) % 3 === 0;

async function checkSubtract(t: Test, policies: readonly Policy[], client: IAMClient): Promise<void> {
  const known = new Set(expand(["*"]));
  const faults: string[] = [];
  let [rewritten, emptied] = [0, 0];
  for (const policy of policies) {
    const eligible = permissionsOf([policy]).eligible;
    const taken = eligible.filter((action) => known.has(action) && isTaken(policy.name, action));
    const result = subtract([policy], taken);
    const after = result.policies.flatMap(({ text, name }) => parse(text, name));
    const say = (fault: string) => faults.push(`${policy.name}: ${fault}`);
    for (const fault of faultsOfSubtracted(policy, after, taken)) say(fault);
    if (result.unmatched.length > 0) say(`unmatched ${result.unmatched}`);
    const [{ text } = { text: undefined }] = result.policies;
    if (text === undefined) emptied += 1;
    else rewritten += 1;
    const refusal = text === undefined ? undefined : await refusalOfInline(client, text);
    if (refusal !== undefined && refusal !== (await refusalOfInline(client, policy.text))) say(refusal);
    else if (refusal === undefined && text !== undefined && (await getInline(client)) !== text)
      say("comes back changed");
    if (refusal !== undefined) t.comment(`moto refuses ${policy.name} as AWS wrote it, too: ${refusal}`);
  }
  t.strictSame(faults, []);
  t.comment(`${rewritten} policies put and got, ${emptied} emptied`);
}

function faultsOfSubtracted(policy: Policy, after: readonly Policy[], taken: readonly string[]): readonly string[] {
  const before = permissionsOf([policy]).eligible;
  const isGone = new Set(taken);
  const { gained, lost, widened } = diff([policy], after);
  const want = before.filter((action) => !isGone.has(action));
  const isLeftAlone = permissionsOf([policy]).total.length > before.length;
  const isLostRight = isLeftAlone ? lost.every((action) => isGone.has(action)) : lost.join() === taken.join();
  return [
    ...(gained.length > 0 ? [`gained ${gained}`] : []),
    ...(widened.length > 0 ? [`widened ${widened}`] : []),
    ...(isLostRight ? [] : [`lost ${lost} for ${taken}`]),
    ...(permissionsOf(after).eligible.join() === want.join() ? [] : ["what is left is not the rest"]),
  ];
}
