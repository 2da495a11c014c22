import { test } from "tap";
import type { PlannedAction } from "../../../lib/act/action.ts";
import type { Attempt } from "../../../lib/act/kind.ts";
import { OpsError } from "../../../lib/core/errors.ts";
import { days } from "../../../lib/core/time.ts";
import { disable } from "../../../lib/keycheck/actions/disable.ts";
import { newLadder, noteNotice } from "../../../lib/keycheck/ladder.ts";
import { planActions } from "../../../lib/keycheck/plan.ts";
import type { FoundPerson } from "../../../lib/notify/notifier.ts";
import type { OwnerMap } from "../../../lib/owners/find-owner.ts";
import { anIntent } from "../../support/an-intent.ts";
import { aNotifier, openKeyActing } from "../../support/key-acting.ts";
import { aCandidate, aPlanning } from "../../support/key-ladders.ts";
import { now } from "../../support/keycheck-records.ts";

type Place = ReturnType<typeof openKeyActing>;

/** As an earlier run had its owner told, 20 days ago. */
const tell = ({ ladders, key }: Place, person = "U0ADA", at = now - days(20)) =>
  ladders.update(newLadder("ada", key), (ladder) => noteNotice(ladder, { at, sequence: 1, stage: "expired", person }));

async function planDisable({ ladders, key }: Place): Promise<PlannedAction> {
  const ladder = await ladders.find(key.id);
  const planned = planActions([aCandidate({ key, ...(ladder && { ladder }) })], aPlanning());
  const found = planned.find(({ kind }) => kind === "disable");
  if (found === undefined) throw new Error("no disable is planned");
  return found;
}

interface OwnerCase {
  readonly name: string;
  readonly ownerMap?: OwnerMap;
  readonly tags?: Readonly<Record<string, string>>;
  readonly found?: FoundPerson;
  /** Undefined: it is due. */
  readonly says: string | undefined;
}

const owners: readonly OwnerCase[] = [
  { name: "who was told is its owner still", says: undefined },
  { name: "and by a tag", ownerMap: new Map(), tags: { Slack: "U0ADA" }, says: undefined },
  {
    name: "the map names somebody else now",
    ownerMap: new Map([["ada", "U0ZED"]]),
    says: "its owner is somebody else now, who was not told of it",
  },
  {
    name: "a tag names somebody else now",
    ownerMap: new Map(),
    tags: { slack: "U0ZED" },
    says: "its owner is somebody else now, who was not told of it",
  },
  {
    name: "nobody is named any more",
    ownerMap: new Map(),
    says: "its owner can't be found: neither slack_map nor a tag names an owner",
  },
  {
    name: "its owner has left",
    found: { missing: 'Slack id "U0ADA": deactivated in Slack' },
    says: 'its owner can\'t be found: Slack id "U0ADA": deactivated in Slack',
  },
];

for (const { name, ownerMap, tags, found, says } of owners) {
  test(`stand: ${name}: ${says === undefined ? "due" : "refused by told"}`, async (t) => {
    const notifier = aNotifier(found && { findPerson: async () => found });
    const place = openKeyActing({ notifier, ...(ownerMap && { ownerMap }) });
    place.iam.tags = tags ?? {};
    await tell(place);
    const standing = await disable(place.acting).stand(await planDisable(place));
    t.match(standing, says === undefined ? { is: "due" } : { is: "refused", gate: "told", says });
    t.equal(place.iam.called.filter((action) => action === "ListUserTags").length, 1, "asked once");
  });
}

test("stand: another owner who was told in this very run has not had the time that it was planned by", async (t) => {
  const place = openKeyActing({ ownerMap: new Map([["ada", "U0ZED"]]) });
  await tell(place);
  const action = await planDisable(place);
  await tell(place, "U0ZED", now);
  t.match(await disable(place.acting).stand(action), {
    ...{ is: "refused", gate: "told", says: "its owner has been told anew meanwhile" },
  });
});

/** Writes and confirms, as a run does. */
async function carryOut(place: Place, patience: number) {
  const overdue = new AbortController();
  const late = new OpsError("unreachable", "no end in time");
  const timer = setTimeout(() => overdue.abort(late), patience);
  const { cap: _, ...uncapped } = await planDisable(place);
  const kind = disable({ ...place.acting, clock: Date.now, consistency: 500 });
  const intent = await anIntent({ ...uncapped, class: "restoring" });
  const attempt: Attempt = await kind.write(intent, {}, overdue.signal).then(
    (written) => ({ written }),
    (thrown: unknown) => ({ thrown: overdue.signal.aborted ? late : thrown }),
  );
  clearTimeout(timer);
  const intended = { action: intent.action, reference: intent.reference, since: 0, before: {} };
  return kind.confirm(intended, { ...attempt, endedAt: Date.now() });
}

test("a key that IAM shows as Inactive some time after a lost answer is disabled", async (t) => {
  const place = openKeyActing();
  await tell(place);
  const { update } = place.iam;
  place.iam.update = async (status, signal) => {
    setTimeout(() => update(status, signal), 8);
    throw Object.assign(new Error("no answer in 20 s"), { name: "TimeoutError" });
  };
  t.match(await carryOut(place, 1000), { is: "done", after: { status: "Inactive" } });
});

test("a write that takes too long is aborted, and left to the next run where IAM does not show it", async (t) => {
  const place = openKeyActing();
  await tell(place);
  let isAborted = false;
  place.iam.update = (_status, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        isAborted = true;
        reject(signal.reason);
      });
    });
  await t.rejects(carryOut(place, 10), { code: "unreachable" });
  t.ok(isAborted);
});
