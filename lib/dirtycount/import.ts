import type { Millis } from "../core/time.ts";
import { type Mark, type MarkedEvent, markId } from "../marks/mark.ts";
import { openMarks } from "../marks/marks.ts";
import { lastOf, mergeEvents } from "../marks/merge-events.ts";
import type { Store } from "../state/store.ts";
import { mapRows, type UnmappedRow } from "./skunky-rows.ts";

export interface SkunkyImport {
  readonly store: Store;
  /** Of the original's table. */
  readonly rows: readonly ReadonlyMap<string, string>[];
  readonly clock: () => Millis;
  /** Only says what would become of it. */
  readonly isDry: boolean;
}

export interface SkunkyImported {
  /** Instances that rows could be mapped to. */
  readonly instances: number;
  /** Of them, those of which something was not known before. */
  readonly news: readonly { readonly accountId: string; readonly id: string; readonly events: number }[];
  readonly unmapped: readonly UnmappedRow[];
}

/** Takes over what the original marked; done again it changes nothing. */
export async function importRows({ store, rows, clock, isDry }: SkunkyImport): Promise<SkunkyImported> {
  const { events, unmapped } = mapRows(rows, clock());
  const byInstance = new Map<string, MarkedEvent[]>();
  for (const one of events) {
    const key = `${one.event.accountId}/${markId(one.event)}`;
    const ofInstance = byInstance.get(key) ?? [];
    byInstance.set(key, ofInstance);
    ofInstance.push(one);
  }
  const news: SkunkyImported["news"][number][] = [];
  for (const ofInstance of byInstance.values()) {
    const [first] = ofInstance;
    if (first === undefined) continue;
    const { accountId, region, instanceId } = first.event;
    const marks = openMarks(store, accountId, clock);
    const found = await marks.find({ region, instanceId });
    const fresh = newTo(found, ofInstance);
    if (fresh.length === 0) continue;
    news.push({ accountId, id: markId(first.event), events: fresh.length });
    if (!isDry) await marks.update({ region, instanceId }, (mark) => noteRows(mark, ofInstance));
  }
  return { instances: byInstance.size, news, unmapped };
}

/** More rows than a mark keeps names of: those since the last import are told by their time. */
const newTo = (mark: Mark | undefined, events: readonly MarkedEvent[]): readonly MarkedEvent[] =>
  events.filter(({ event }) => event.at > (mark?.importedTo ?? 0));

function noteRows(mark: Mark, events: readonly MarkedEvent[]): Mark {
  const fresh = newTo(mark, events);
  return fresh.length === 0 ? mark : { ...mergeEvents(mark, fresh), importedTo: lastOf(fresh) };
}
