import type { UserMemory } from "./memory.ts";
import type { Recall } from "./recall.ts";

interface Late {
  /** Of more users than these it remembers; fewer are sooner listed again than a state is made and opened. */
  readonly fewest: number;
  /** Undefined where nothing can be remembered. */
  readonly open: () => Promise<Recall | undefined>;
}

/** A recall for where nothing has ever been remembered: it opens the state only for an account that is worth it. */
export function openLateRecall({ fewest, open }: Late): Recall {
  const waiting: UserMemory[] = [];
  let remember = (memory: UserMemory): void => {
    waiting.push(memory);
  };
  let opening: Promise<Recall | undefined> | undefined;
  const openNow = async (): Promise<Recall | undefined> => {
    const recall = await open();
    remember = recall?.remember ?? (() => undefined);
    for (const memory of waiting.splice(0)) remember(memory);
    return recall;
  };
  return {
    async *read() {},
    remember(memory) {
      remember(memory);
      if (waiting.length > fewest) opening ??= openNow();
    },
    forget: () => undefined,
    settle: async () => (await opening)?.settle(),
  };
}
