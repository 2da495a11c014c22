import { createRandom } from "../random.ts";
import { aKey, anAccount, aUser } from "./builders.ts";
import type { AccountSpec } from "./specs.ts";

export interface LargeAccountSize {
  readonly users: number;
  readonly keysPerUser: number;
}

/** Many users all alike but for their keys' ages: an account to measure with. */
export function aLargeAccount({ users, keysPerUser }: LargeAccountSize): AccountSpec {
  const random = createRandom(users);
  return anAccount({
    alias: `large-${users}`,
    users: Array.from({ length: users }, (_, index) =>
      aUser({
        name: `user-${String(index).padStart(6, "0")}`,
        tags: { owner: `team-${index % 40}@acme.example` },
        keys: Array.from({ length: keysPerUser }, () => aKey({ ageDays: random.between(0, 400), usedDaysAgo: 0 })),
      }),
    ),
  });
}
