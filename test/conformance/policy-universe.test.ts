import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { IAMClient } from "@aws-sdk/client-iam";
import { t as file, test } from "tap";
import { minutes } from "../../lib/core/time.ts";
import { expand, parsePolicy } from "../../lib/policy/library.ts";
import { clientConfig } from "../demo/offline-clients.ts";
import { type ManagedPolicy, readManagedPolicies } from "./support/managed-policies.ts";
import { getPeer, skipWithout } from "./support/peers.ts";
import { startMoto } from "./support/start-moto.ts";
import { runProcess } from "./support/start-process.ts";

/** policyuniverse's reading of patterns, over our catalogue, on all that AWS's own policies have. It comes with moto. */
const skip = skipWithout("moto");

file.setTimeout(minutes(10));

/** Beside AWS's: what none of its own policies has. */
const rare = [
  "*",
  "*:*",
  "*:Get*",
  "s3:?et*",
  "s3:GetObject?*",
  "s3:*Object*",
  "S3:GETOBJECT",
  "?3:*",
  "s3:**",
  "none:*",
  "s3:No",
];

test("policyuniverse expands every pattern to the same actions", { skip }, async (t) => {
  const moto = await startMoto(t);
  const managed = await readManagedPolicies(new IAMClient(clientConfig(moto.environment())));
  const patterns = [...new Set([...rare, ...managed.flatMap(patternsOf)])].filter(isWorthAsking);
  t.ok(patterns.length > 1000, `${patterns.length} patterns`);
  const said = await runProcess(t, {
    command: join(dirname(getPeer("moto")), "python"),
    args: [fileURLToPath(new URL("support/policy-universe.py", import.meta.url))],
    environment: { PYTHONDONTWRITEBYTECODE: "1" },
    input: JSON.stringify({ names: expand(["*"]).map(fold), patterns }),
  });
  t.match(said, { code: 0, stderr: "" });
  const theirs: readonly (readonly string[])[] = JSON.parse(said.stdout);
  const different = patterns.filter((pattern, index) => ours(pattern) !== theirs[index]?.join());
  t.strictSame(different, []);
});

const fold = (name: string): string => name.toLowerCase();

const ours = (pattern: string): string => expand([pattern]).map(fold).sort().join();

function patternsOf({ name, text }: ManagedPolicy): readonly string[] {
  const parsed = parsePolicy(text, name);
  return parsed.ok ? parsed.policy.statements.flatMap(({ patterns }) => patterns) : [];
}

/** All with a wildcard, and of the sixteen thousand names every twentieth: policyuniverse tries all names for each. */
const isWorthAsking = (pattern: string, index: number): boolean => /[*?]/.test(pattern) || index % 20 === 0;
