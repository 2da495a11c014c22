import { t as file, test } from "tap";
import { minutes } from "../../lib/core/time.ts";
import { policyLaws } from "../support/policy-laws.ts";

/** 100,000 random documents: no peer, but more than a hermetic run has time for; POLICY_RUNS=1000 takes fewer. */
file.setTimeout(minutes(10));

const runs = Number(process.env.POLICY_RUNS ?? 100_000);

test(`${runs} random worlds of policies`, async () => policyLaws(runs));
