import { type OfflineAwsOptions, startOfflineAws } from "../../../lib/demo/offline-aws.ts";
import { anOrganization } from "../../../lib/demo/scenario/builders.ts";
import { aLargeAccount } from "../../../lib/demo/scenario/large-account.ts";
import { aLargeInventory } from "../../../lib/demo/scenario/large-inventory.ts";
import type { AccountSize } from "./offline-aws.ts";
import { aTouchedAccount } from "./touched-account.ts";

// An offline AWS in a process of its own, so that serving does not take the measured program's processor.
const [size = "1", options = "{}"] = process.argv.slice(2);
const aws = await startOfflineAws({
  // What the process that forks this one wrote there.
  scenario: anOrganization({ accounts: [accountOf(JSON.parse(size) as AccountSize)] }),
  ...(JSON.parse(options) as Omit<OfflineAwsOptions, "scenario">),
});
process.once("disconnect", () => void aws.close());
process.send?.({ url: aws.url, environment: aws.environment() });

function accountOf(size: AccountSize) {
  if (typeof size !== "number") return "messages" in size ? aTouchedAccount(size) : aLargeInventory(size);
  const account = aLargeAccount({ users: size, keysPerUser: 1 });
  return { ...account, report: { ...account.report, pollsUntilComplete: 0 } };
}
