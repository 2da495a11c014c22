import type { PlannedAction } from "../../act/action.ts";
import { awaitChange } from "../../act/await-change.ts";
import type { JournalEntry } from "../../act/entry.ts";
import type { ActionKind, Attempt, Confirmation, Intended, Standing } from "../../act/kind.ts";
import { putTag, type Unfit } from "../../aws/write/put-tag.ts";
import type { JsonObject } from "../../core/json.ts";
import type { TagDetail } from "../plan.ts";
import { isThere } from "../tally.ts";
import type { MarkActing } from "./acting.ts";
import { promiseTags } from "./promise-tags.ts";

/** Puts the tag on recorded instances of one region that lack it. It is the same however often it is put. */
export const tag = (acting: MarkActing): ActionKind => ({
  name: "tag",
  stand: (action) => standToTag(action, acting),
  async write(intent, before, overdue) {
    const { region, key, value } = detailOf(intent.action);
    const { client, stop } = acting.writing(region);
    const calling = { client, stop: AbortSignal.any([stop, overdue]), tag: { key, value } };
    return { unfit: Object.fromEntries(await putTag(intent, idsIn(before), calling)) };
  },
  confirm: (intended, attempt) => confirmTagged(intended, attempt, acting),
  record: (entry) => recordTag(entry, acting),
  noUndo: "dirtycount clear takes an instance's record away together with its tag, for a reason",
});

/** Every action of this kind was planned with it. */
const detailOf = ({ detail }: PlannedAction): TagDetail => detail as TagDetail;

/** As `standToTag` found them. */
const idsIn = ({ instanceIds }: JsonObject): readonly string[] => (instanceIds ?? []) as readonly string[];

async function standToTag(action: PlannedAction, acting: MarkActing): Promise<Standing> {
  const due = await findDue(action, detailOf(action).instanceIds, acting);
  return due.length === 0
    ? { is: "unneeded", says: "every recorded instance has the tag" }
    : { is: "due", before: { instanceIds: due } };
}

/** Of these, the recorded ones that lack the tag. */
async function findDue(action: PlannedAction, ids: readonly string[], acting: MarkActing) {
  const { region, key, value } = detailOf(action);
  const instances = await acting.findInstances(region, await findRecorded(action, ids, acting));
  return instances.filter((one) => isThere(one) && one.tags.get(key) !== value).map(({ id }) => id);
}

/** Whose record a person has cleared does not get the tag again. */
async function findRecorded(action: PlannedAction, ids: readonly string[], { marks }: MarkActing) {
  const recorded = new Set<string>();
  for await (const { instanceId, endedAt } of marks.list(detailOf(action).region))
    if (endedAt === undefined) recorded.add(instanceId);
  return ids.filter((id) => recorded.has(id));
}

/** By the answer of the call that put it, else by a look. */
function confirmTagged({ action, before }: Intended, attempt: Attempt, acting: MarkActing): Promise<Confirmation> {
  if (attempt.written !== undefined) return Promise.resolve({ is: "done", after: attempt.written });
  const look = async (): Promise<Confirmation | undefined> =>
    (await findDue(action, idsIn(before), acting)).length === 0 ? { is: "done", after: {} } : undefined;
  const { clock, consistency, stop } = acting;
  return awaitChange(look, { attempt, clock, consistency, stop, absent: "not every instance has the tag" });
}

async function recordTag({ state, action, before, after, attempt }: JournalEntry, acting: MarkActing): Promise<void> {
  const { region } = detailOf(action);
  if (state === "applied")
    for (const [instanceId, untaggable] of unfitIn(after))
      await acting.marks.change({ region, instanceId }, (mark) => ({ ...mark, untaggable }));
  // From then on dirtymark puts it, too.
  if (state === "failed" && attempt === 1) {
    const instanceIds = await findRecorded(action, idsIn(before), acting);
    await promiseTags({ accountId: action.accountId, region, instanceIds }, acting.due);
  }
}

/** As `write` left it. */
const unfitIn = (after: JsonObject | undefined): readonly (readonly [string, Unfit])[] =>
  Object.entries(Object(after?.unfit));
