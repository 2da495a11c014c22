import type { PlannedAction } from "../../act/action.ts";
import { awaitChange } from "../../act/await-change.ts";
import type { JournalEntry } from "../../act/entry.ts";
import type { ActionKind, Attempt, Confirmation, Intended, Standing } from "../../act/kind.ts";
import { putTag, type Unfit } from "../../aws/write/put-tag.ts";
import type { JsonObject } from "../../core/json.ts";
import type { TagDetail } from "../plan.ts";
import { isThere } from "../tally.ts";
import type { MarkActing } from "./acting.ts";

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

/** Whose record a person has cleared since the scan does not get the tag again. */
async function standToTag(action: PlannedAction, acting: MarkActing): Promise<Standing> {
  const { region, instanceIds } = detailOf(action);
  const recorded = new Set<string>();
  for await (const { instanceId, endedAt } of acting.marks.list(region))
    if (endedAt === undefined) recorded.add(instanceId);
  const due = await findUntagged(
    action,
    instanceIds.filter((id) => recorded.has(id)),
    acting,
  );
  return due.length === 0
    ? { is: "unneeded", says: "every recorded instance has the tag" }
    : { is: "due", before: { instanceIds: due } };
}

async function findUntagged(action: PlannedAction, ids: readonly string[], { findInstances }: MarkActing) {
  const { region, key, value } = detailOf(action);
  const instances = await findInstances(region, ids);
  return instances.filter((one) => isThere(one) && one.tags.get(key) !== value).map(({ id }) => id);
}

/** By the answer of the call that put it, else by a look. */
function confirmTagged({ action, before }: Intended, attempt: Attempt, acting: MarkActing): Promise<Confirmation> {
  if (attempt.written !== undefined) return Promise.resolve({ is: "done", after: attempt.written });
  const look = async (): Promise<Confirmation | undefined> =>
    (await findUntagged(action, idsIn(before), acting)).length === 0 ? { is: "done", after: {} } : undefined;
  const { clock, consistency, stop } = acting;
  return awaitChange(look, { attempt, clock, consistency, stop, absent: "not every instance has the tag" });
}

async function recordTag({ state, action, before, after, attempt }: JournalEntry, acting: MarkActing): Promise<void> {
  const { region } = detailOf(action);
  if (state === "applied")
    for (const [instanceId, untaggable] of unfitIn(after))
      await acting.marks.change({ region, instanceId }, (mark) => ({ ...mark, untaggable }));
  // From then on dirtymark puts it, too, who may have permissions that this program lacks.
  if (state === "failed" && attempt === 1) await promise(action, idsIn(before), acting);
}

/** As `write` left it. */
const unfitIn = (after: JsonObject | undefined): readonly (readonly [string, Unfit])[] =>
  Object.entries(Object(after?.unfit));

async function promise({ accountId, detail }: PlannedAction, ids: readonly string[], { due }: MarkActing) {
  const { region } = detail as TagDetail;
  const promised = new Set<string>();
  for await (const one of due.list(accountId))
    if (one.region === region) for (const id of one.instanceIds) promised.add(id);
  const instanceIds = ids.filter((id) => !promised.has(id));
  if (instanceIds.length > 0) await due.add({ accountId, region, instanceIds });
}
