import { type OfflineAwsOptions, startOfflineAws } from "../../../lib/demo/offline-aws.ts";
import { anOrganization } from "../../../lib/demo/scenario/builders.ts";
import { aLargeAccount } from "../../../lib/demo/scenario/large-account.ts";

// An offline AWS in a process of its own, so that serving does not take the measured program's processor.
const [users = "1", options = "{}"] = process.argv.slice(2);
const account = aLargeAccount({ users: Number(users), keysPerUser: 1 });
const report = { ...account.report, pollsUntilComplete: 0 };
const aws = await startOfflineAws({
  scenario: anOrganization({ accounts: [{ ...account, report }] }),
  // What the process that forks this one wrote there.
  ...(JSON.parse(options) as Omit<OfflineAwsOptions, "scenario">),
});
process.once("disconnect", () => void aws.close());
process.send?.({ url: aws.url, environment: aws.environment() });
