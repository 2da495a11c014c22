import { setTimeout as sleep } from "node:timers/promises";
import { seconds } from "../core/time.ts";
import type { Gather } from "./gather.ts";

/** One round after the other; after one that brought nothing usable, it takes a breath. */
export async function gatherUntilStopped(gather: Gather, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const isUsable = await gather(stop);
    if (!isUsable) await sleep(seconds(5), undefined, { signal: stop }).catch(() => undefined);
  }
}
