import { join } from "node:path";
import type { Test } from "tap";
import { stringify } from "yaml";
import { days } from "../../../lib/core/time.ts";
import { anAccount, anOrganization } from "../../../lib/demo/scenario/builders.ts";
import { anInstance, aRegion } from "../../../lib/demo/scenario/region-builders.ts";
import { newLadder, noteNotice } from "../../../lib/tagaudit/ladder.ts";
import { openLadders } from "../../../lib/tagaudit/ladders.ts";
import { parseTagList } from "../../../lib/tagaudit/tag-list.ts";
import { openActedMemory } from "../../support/acted-memory.ts";
import { idOf, tagged, untagged, watched } from "../../support/audit-world.ts";
import { startFakeSlack } from "../../support/fake-slack.ts";
import { makeDirectory } from "./make-directory.ts";
import { prodId, profileEnvironment, startAws } from "./scenario.ts";

export const devId = "210987654321";

const [first, second] = ["eu-west-1", "us-east-1"] as const;
export const auditedRegions = [first, second];

/** As telegraf/tagaudit.conf has them. */
const required = ["created_by", "department", "project"];

const person = { id: "U0123ABCDEF", name: "ada" };

const exempt = { tagaudit_exempt_until: "2999-01-01", tagaudit_exempt_reason: "moved soon" };

/** Every standing that an instance can have, beside those that are told, stopped and terminated; in dev a region without canary. */
const everyStanding = anOrganization({
  accounts: [
    anAccount({
      id: prodId,
      alias: "prod",
      regions: [
        watched(first, [
          ...["a", "b"].map((name) => untagged(name)),
          untagged("c", { state: "stopped" }),
          ...["d", "e"].map((name) => tagged(name)),
          untagged("f"),
          untagged("1", { tags: exempt }),
          anInstance({ id: idOf("2"), tags: { "aws:autoscaling:groupName": "web" } }),
          anInstance({ id: idOf("3"), tags: { created_by: "cad", department: "", projcet: "atlas" } }),
        ]),
        watched(second, [tagged("4"), untagged("5")]),
      ],
    }),
    anAccount({
      id: devId,
      alias: "dev",
      regions: [watched(first, [untagged("6")]), aRegion({ name: second, instances: [tagged("7")] })],
    }),
  ],
});

/** Both profiles in mode commit, which may act in one of the accounts. */
const settingsOf = (directory: string, slackApiUrl: string): string =>
  stringify({
    run: { mode: "commit", act_on_accounts: [prodId], state_directory: join(directory, "state") },
    tagaudit: {
      ...{ regions: auditedRegions, detail: true, terminate: true, stop_after: "1d", terminate_after: "1d" },
      ...{ max_stops: 1, max_share: "100%" },
      ...{ slack_token: `file:${join(directory, "slack-token")}`, slack_api_url: slackApiUrl },
      slack_map: join(directory, "map.yaml"),
    },
  });

/**
 * The variables for a run of tagaudit that finds everything and does everything: owners have been told days ago, one of
 * whom has tagged an instance since, and one is due for each step and one beyond the cap.
 */
export async function startAudit(t: Test): Promise<Readonly<Record<string, string>>> {
  const slack = await startFakeSlack({ people: [person] });
  t.teardown(() => slack.close());
  const directory = makeDirectory(t, { "slack-token": slack.token, "map.yaml": `ada: ${person.id}\n` });
  const settings = makeDirectory(t, { "stalewatch.yaml": settingsOf(directory, slack.apiUrl) });
  const aws = await startAws(t, { scenario: everyStanding });
  await remember(join(directory, "state"));
  return { ...profileEnvironment(t, aws), STALEWATCH_CONFIG: join(settings, "stalewatch.yaml") };
}

async function remember(directory: string): Promise<void> {
  const parsed = parseTagList(required, false);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.wrong));
  const at = Date.now() - days(3);
  const hashes = parsed.scheme.rules.filter(({ tag }) => tag !== "created_by").map(({ hash }) => hash);
  const clocks = Object.fromEntries(hashes.map((hash) => [hash, at]));
  const notice = {
    ...({ at, sequence: 1, stage: "violating", person: person.id, rules: hashes } as const),
    announces: { stop: at, terminate: at },
  };
  await openActedMemory(directory, { program: "tagaudit", accountId: prodId }).inStore(async (store) => {
    const ladders = openLadders(store, prodId, Date.now);
    for (const name of ["a", "b", "c", "d"])
      await ladders.update({ ...newLadder({ id: idOf(name), region: first }), clocks }, (one) =>
        noteNotice(one, notice),
      );
  });
}
