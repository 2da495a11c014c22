import type { Log } from "../runtime/log.ts";
import type { Acts } from "./act-on-account.ts";

interface Saying {
  readonly log: Pick<Log, "warn" | "info" | "debug">;
  /** The account's. */
  readonly name: string;
}

/** Tells the log what came of a run's acts; undefined where another run acts on the account. */
export function sayActs(acts: Acts | undefined, { log, name }: Saying): void {
  if (acts === undefined) {
    log.info(`${name}: another run acts on this account`);
    return;
  }
  for (const unsettled of acts.unsettled) log.warn(`${name}: of unknown end: ${unsettled}`);
  for (const { action, ending, says } of acts.outcomes) {
    const line = `${name}: ${action.kind} ${action.subject}: ${ending}: ${says}`;
    if (ending === "failed" || ending === "unknown") log.warn(line);
    else log.info(line);
  }
  const doubt = acts.refusals.find(({ gate }) => gate === "fleet");
  // Nobody could override it by a hash that is not shown.
  if (doubt !== undefined) log.warn(`${name}: ${doubt.action.kind}: refused by fleet: ${doubt.says}`);
  for (const { action, gate, says } of acts.refusals) {
    log.debug(`${name}: ${action.kind} ${action.subject}: refused by ${gate}: ${says}`);
  }
}
