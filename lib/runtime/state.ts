import { openSession } from "../aws/session.ts";
import { noCalls } from "../core/call-counts.ts";
import { messageOf } from "../core/errors.ts";
import { minutes, seconds } from "../core/time.ts";
import type { RunSettings } from "../settings/run-settings.ts";
import { isStoreMade, openStore } from "../state/open-store.ts";
import type { Store } from "../state/store.ts";
import type { Frame } from "./frame.ts";
import { openGrace } from "./stop.ts";

/** What a process remembers, opened at its first use and then kept. */
export interface State {
  open(): Promise<Store | undefined>;
  /** Undefined with a warning where it can't be opened: for those who can do without. */
  openOrWarn(): Promise<Store | undefined>;
  /** As `openOrWarn`, unless nothing has ever been remembered: then it is left unmade. */
  find(): Promise<Store | "unmade" | undefined>;
  close(): Promise<void>;
}

/** What is done when a signal comes must still be written down. */
const grace = seconds(3);

type StateFrame = Pick<Frame, "environment" | "log" | "stop" | "now">;

export function openState({ environment, log, stop, now }: StateFrame, settings: RunSettings): State {
  const { signal, release } = openGrace(stop, grace);
  let opened: Promise<Store | undefined> | undefined;
  const open = () => {
    opened ??= openStore({
      ...{ settings, environment, stop: signal, warn: log.warn },
      openSession: (of) => openSession({ ...of, counts: noCalls() }),
    });
    // The next round of an execd process tries again.
    opened.catch(() => {
      opened = undefined;
    });
    return opened;
  };
  let quietUntil = 0;
  // Once for all the accounts of a round.
  const warn = (thrown: unknown): undefined => {
    if (now() >= quietUntil) log.warn(`nothing is remembered between runs: ${messageOf(thrown)}`);
    quietUntil = now() + minutes(1);
  };
  const openOrWarn = () => open().catch(warn);
  return {
    ...{ open, openOrWarn },
    async find() {
      const isThere =
        settings.state === "none" || opened !== undefined || (await isStoreMade({ settings, environment }));
      return isThere ? openOrWarn() : "unmade";
    },
    async close() {
      release();
      await (await opened?.catch(() => undefined))?.close();
    },
  };
}
