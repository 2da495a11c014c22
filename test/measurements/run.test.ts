import { test } from "tap";
import { stalewatchRun } from "../../lib/measurements/run.ts";

test("the status point's names and types are what was released", async (t) => {
  t.equal(stalewatchRun.name, "stalewatch_run");
  t.strictSame(Object.keys(stalewatchRun.tags), ["program", "account", "scope", "mode"]);
  t.strictSame(Object.fromEntries(Object.entries(stalewatchRun.fields).map(([field, { kind }]) => [field, kind])), {
    ok: "boolean",
    partial: "boolean",
    duration_ms: "integer",
    api_calls: "integer",
    throttles: "integer",
    retries: "integer",
    items: "integer",
    points: "integer",
    dropped_points: "integer",
    planned: "integer",
    permitted: "integer",
    refused: "integer",
    applied: "integer",
    failed: "integer",
    last_error: "string",
    evidence_age_s: "integer",
  });
});
