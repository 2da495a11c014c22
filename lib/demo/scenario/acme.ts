import { createRandom, type Random } from "../random.ts";
import { acmeRegions, hostRole } from "./acme-instances.ts";
import { acmeUsers } from "./acme-users.ts";
import { aKey, anAccount, anInstanceProfile, anInstanceRole, anOrganization, aRole, aUser } from "./builders.ts";
import type { AccountSpec, OrganizationSpec, UserSpec } from "./specs.ts";

export interface AcmeSize {
  readonly accounts: number;
  /** In all accounts together. */
  readonly users: number;
  readonly seed: number;
}

const stages = ["prod", "dev", "sandbox"] as const;

type Stage = (typeof stages)[number];

/** A believable organization: what grew over years, with the odd case of each kind that a scan must get right. */
export function acmeOrganization({ accounts = 3, users = 400, seed = 1 }: Partial<AcmeSize> = {}): OrganizationSpec {
  const random = createRandom(seed);
  const shares = shareOut(users, accounts);
  const specs = shares.map((share, index) => acmeAccount(random, { index, users: share }));
  return anOrganization({
    accounts: specs,
    units: [
      { id: "ou-demo-workload", name: "Workloads", tags: { owner: "platform@acme.example" } },
      { id: "ou-demo-playarea", name: "Sandbox" },
    ],
  });
}

/** The first account has half, each further one half of what is left, the last the rest. */
function shareOut(users: number, accounts: number): readonly number[] {
  let left = users;
  return Array.from({ length: accounts }, (_, index) => {
    const share = index === accounts - 1 ? left : Math.ceil(left / 2);
    left -= share;
    return share;
  });
}

interface AcmePlace {
  readonly index: number;
  readonly users: number;
}

function acmeAccount(random: Random, { index, users }: AcmePlace): AccountSpec {
  const { stage, alias } = placeOf(index);
  const odd = index < stages.length ? oddUsers[stage] : [];
  const ordinary = acmeUsers(random, Math.max(0, users - odd.length));
  const id = String(210_000_000_000 + index * 1_010_101_011);
  return anAccount({
    id,
    alias,
    email: `aws+${alias}@acme.example`,
    parentId: stage === "sandbox" ? "ou-demo-playarea" : "ou-demo-workload",
    tags: { stage, "cost-center": String(random.between(1000, 9999)) },
    users: [...odd, ...ordinary].slice(0, users),
    groups: ["engineering", "data", "support", "finance", "machines"].map((name) => ({ name })),
    roles: [
      aRole({ name: "OrganizationAccountAccessRole", policies: ["AdministratorAccess"] }),
      aRole({ name: "stalewatch", externalId: "acme-stalewatch", maxSessionSeconds: 7200 }),
      aRole({ name: "Skunky" }),
      anInstanceRole({ name: hostRole }),
    ],
    instanceProfiles: [anInstanceProfile({ name: hostRole })],
    root: {
      ageDays: 1800 - Math.min(index, 40) * 30,
      passwordUsedDaysAgo: random.between(30, 700),
      hasMfa: stage !== "sandbox",
      keys: index === 1 ? [aKey({ ageDays: 1400, usedDaysAgo: 800, usedService: "ec2" })] : [],
    },
    regions: index === 0 ? acmeRegions(id) : [],
    report: { hasAdditionalCredentialsColumn: index === stages.indexOf("sandbox") },
  });
}

function placeOf(index: number): { readonly stage: Stage; readonly alias: string } {
  const stage = stages[index % stages.length] ?? "sandbox";
  const round = Math.floor(index / stages.length);
  return { stage, alias: round === 0 ? `acme-${stage}` : `acme-${stage}-${round + 1}` };
}

/** One user each whom chance must not leave out. */
const oddUsers: Readonly<Record<Stage, readonly UserSpec[]>> = {
  prod: [
    aUser({
      name: "svc-checkout+eu@acme.example",
      path: "/service/",
      keys: [
        aKey({ ageDays: 410, usedDaysAgo: 0, description: "checkout, rotate with the payments team" }),
        aKey({ ageDays: 402, usedDaysAgo: 180 }),
      ],
      tags: { owner: "team-payments@acme.example", slack: "C0PAYMENTS1", kind: "machine" },
    }),
    aUser({
      name: "job=nightly-backup,stage=prod",
      path: "/service/",
      keys: [aKey({ ageDays: 731, usedDaysAgo: 1, usedService: "s3" })],
      tags: { owner: "team-platform@acme.example", kind: "machine" },
    }),
  ],
  dev: [
    aUser({
      name: "svc-github-leak",
      path: "/service/",
      keys: [aKey({ ageDays: 95, usedDaysAgo: 3, usedService: "sts", usedRegion: "us-east-1" })],
      policies: ["AWSCompromisedKeyQuarantineV3"],
      tags: { owner: "team-growth@acme.example", kind: "machine" },
    }),
  ],
  sandbox: [
    aUser({
      name: "svc-terraform-race",
      keys: [aKey({ ageDays: 60, usedDaysAgo: 2 }), aKey({ ageDays: 60 }), aKey({ ageDays: 60 })],
      tags: { kind: "machine" },
    }),
  ],
};
