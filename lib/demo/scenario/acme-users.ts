import type { Random } from "../random.ts";
import { aKey, aServiceCredential, aUser } from "./builders.ts";
import { createNameGiver, type NameGiver } from "./names.ts";
import type { KeySpec, UserSpec } from "./specs.ts";

const oldest = 900;

/** People and machines of one account as years of growth leave them. */
export function acmeUsers(random: Random, count: number): readonly UserSpec[] {
  const names = createNameGiver(random);
  return Array.from({ length: count }, () => (random.chance(0.6) ? aPerson(random, names) : aMachine(random, names)));
}

function aPerson(random: Random, names: NameGiver): UserSpec {
  const { userName, person } = names.person();
  const keys = someKeys(random, { none: 0.45, two: 0.12 });
  const ageDays = Math.max(random.between(1, oldest), ...keys.map((key) => key.ageDays)) + random.between(0, 60);
  return aUser({
    name: userName,
    path: random.chance(0.5) ? "/people/" : "/",
    ageDays,
    keys,
    password: { changedDaysAgo: random.between(0, ageDays), usedDaysAgo: random.between(0, Math.min(ageDays, 200)) },
    hasMfa: random.chance(0.85),
    groups: [random.pick(["engineering", "data", "support", "finance"])],
    tags: {
      ...(random.chance(0.9) && { email: `${person.first}.${person.last}@acme.example` }),
      ...(random.chance(0.7) && { slack: `U0${slackId(random)}` }),
      kind: "human",
    },
  });
}

function aMachine(random: Random, names: NameGiver): UserSpec {
  const { userName, job } = names.machine();
  const keys = someKeys(random, { none: 0.06, two: 0.16 });
  const team = random.pick(["platform", "data", "payments", "growth"]);
  return aUser({
    name: userName,
    path: random.chance(0.6) ? "/service/" : "/",
    ageDays: Math.max(random.between(1, oldest), ...keys.map((key) => key.ageDays)),
    keys: keys.map((key) => ({ ...key, description: random.chance(0.4) ? `${job} of team ${team}` : undefined })),
    groups: ["machines"],
    tags: {
      ...(random.chance(0.75) && { owner: `team-${team}@acme.example` }),
      ...(random.chance(0.3) && { slack: `C0${slackId(random)}` }),
      kind: "machine",
    },
    serviceCredentials: random.chance(0.05) ? [someServiceCredential(random)] : [],
  });
}

const slackId = (random: Random): string =>
  Array.from({ length: 9 }, () => random.pick([..."ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"])).join("");

function someKeys(random: Random, { none, two }: { readonly none: number; readonly two: number }): readonly KeySpec[] {
  const draw = random.fraction();
  if (draw < none) return [];
  return Array.from({ length: draw > 1 - two ? 2 : 1 }, () => someKey(random));
}

/** Most keys are younger than half a year; the rest is the tail that the programs are about. */
function someKey(random: Random): KeySpec {
  const ageDays = Math.floor(oldest * random.fraction() ** 2.2);
  const usedDaysAgo = lastUse(random, ageDays);
  return aKey({
    ageDays,
    status: random.chance(0.08) ? "Inactive" : "Active",
    usedDaysAgo,
    usedService: random.pick(["s3", "ec2", "dynamodb", "sts", "ses", "sqs", "cloudwatch"]),
    usedRegion: random.pick(["us-east-1", "eu-central-1", "eu-west-1", "us-west-2"]),
  });
}

function lastUse(random: Random, ageDays: number): number | undefined {
  const draw = random.fraction();
  if (draw < 0.1) return undefined;
  return draw < 0.3 ? Math.min(ageDays, random.between(45, 400)) : Math.min(ageDays, random.between(0, 20));
}

const someServiceCredential = (random: Random) =>
  aServiceCredential({
    service: random.pick(["codecommit.amazonaws.com", "cassandra.amazonaws.com", "bedrock.amazonaws.com"]),
    ageDays: random.between(5, 500),
    status: random.chance(0.2) ? "Inactive" : "Active",
  });
