import { messageOf } from "../core/errors.ts";
import type { HostEvent, Level } from "../host-events/event.ts";
import type { Judgement } from "../host-events/filters.ts";
import type { Mark } from "../marks/mark.ts";
import { type ModuleAnswer, parseAnswer } from "./module-answer.ts";

/** What a module's `filter` is given: a copy, so that it changes nothing but by its answer. */
export interface ModuleEvent extends HostEvent {
  readonly level: Level;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Modules of the user's own, each named by its path. */
export interface CustomFilter {
  readonly path: string;
  readonly filter: (event: ModuleEvent) => unknown;
}

export interface Auditor {
  readonly path: string;
  readonly audited: (mark: Mark) => unknown;
}

export interface CustomModules {
  readonly filters: readonly CustomFilter[];
  readonly auditors: readonly Auditor[];
}

interface Surroundings {
  /** Told when a module begins to fail: once, until it has answered again. */
  readonly warn: (message: string) => void;
}

interface Judged {
  readonly event: HostEvent;
  readonly judgement: Extract<Judgement, { readonly is: "marked" }>;
}

const gravest: Level = "critical";

/**
 * What modules make of an event that the settings' rules have not dropped. They fail closed: one that throws, does not answer
 * or answers what nobody can read has dropped nothing. The event is then marked as the gravest, and no later one is asked.
 */
export async function applyFilters(
  { filters }: Pick<CustomModules, "filters">,
  { event, judgement }: Judged,
  surroundings: Surroundings,
): Promise<Judgement> {
  let { level, annotations } = judgement;
  for (const one of filters) {
    const given = { ...event, level, annotations: { ...annotations } };
    const answer = await tellFailure(one, surroundings, async () => readAnswer(await one.filter(given)));
    if (answer === undefined) return { is: "marked", level: gravest, annotations };
    if (answer.drop) return { is: "dropped", by: "filter", rule: one.path };
    level = answer.level ?? level;
    annotations = { ...annotations, ...answer.annotate };
  }
  return { is: "marked", level, annotations };
}

/** Tells every auditor of a mark that is durable; what they do or fail to do changes nothing. */
export async function tellAuditors(
  { auditors }: Pick<CustomModules, "auditors">,
  mark: Mark,
  surroundings: Surroundings,
): Promise<void> {
  for (const one of auditors)
    await tellFailure(one, surroundings, async () => {
      await one.audited(structuredClone(mark));
    });
}

function readAnswer(said: unknown): ModuleAnswer {
  const parsed = parseAnswer(said);
  if (!parsed.ok) throw new Error(parsed.says);
  return parsed.answer;
}

/** A thousand events would tell of it a thousand times. */
const failing = new WeakSet<CustomFilter | Auditor>();

/** Undefined where it failed. */
async function tellFailure<Answer>(
  module: CustomFilter | Auditor,
  { warn }: Surroundings,
  ask: () => Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    const answer = await ask();
    failing.delete(module);
    return answer;
  } catch (thrown) {
    if (!failing.has(module)) warn(`module "${module.path}": ${messageOf(thrown)}`);
    failing.add(module);
    return undefined;
  }
}
