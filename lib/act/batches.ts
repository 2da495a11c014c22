import type { PlannedAction } from "./action.ts";
import type { ActionKinds } from "./conclude.ts";
import type { AnyKind, Attempt, Begun, Standing } from "./kind.ts";

/** Splits what is to be done into what is done together, in the order in which each batch's first one comes. */
export function batchesOf<Permitted extends { readonly action: PlannedAction }>(
  permits: readonly Permitted[],
  kinds: ActionKinds,
): readonly (readonly Permitted[])[] {
  const batches: Permitted[][] = [];
  const filling = new Map<string, Permitted[]>();
  for (const permit of permits) {
    const { action } = permit;
    const kind = kinds.get(action.kind);
    const name =
      kind !== undefined && "batchKey" in kind ? JSON.stringify([kind.name, kind.batchKey(action)]) : undefined;
    const last = name === undefined ? undefined : filling.get(name);
    if (last !== undefined && last.length < sizeOf(kind)) {
      last.push(permit);
      continue;
    }
    const batch = [permit];
    batches.push(batch);
    if (name !== undefined) filling.set(name, batch);
  }
  return batches;
}

const sizeOf = (kind: AnyKind | undefined): number => (kind !== undefined && "batchKey" in kind ? kind.batchSize : 1);

export const standAll = async (kind: AnyKind, actions: readonly PlannedAction[]): Promise<readonly Standing[]> =>
  "standAll" in kind ? kind.standAll(actions) : Promise.all(actions.map((action) => kind.stand(action)));

export const writeAll = async (
  kind: AnyKind,
  begun: readonly Begun[],
  overdue: AbortSignal,
): Promise<readonly Attempt[]> =>
  "writeAll" in kind
    ? kind.writeAll(begun, overdue)
    : Promise.all(begun.map(async ({ intent, before }) => ({ written: await kind.write(intent, before, overdue) })));
