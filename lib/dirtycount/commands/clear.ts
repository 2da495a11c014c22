import { type Acts, actOnAccount } from "../../act/act-on-account.ts";
import type { Ending } from "../../act/action.ts";
import { thisHolder } from "../../act/holder.ts";
import { isChosenAccount } from "../../aws/choose-account.ts";
import { ec2Client } from "../../aws/client/ec2.ts";
import { regionalSession } from "../../aws/regional-session.ts";
import type { OpenScope, ScopeSource } from "../../aws/scopes.ts";
import type { Coverage } from "../../core/coverage.ts";
import { OpsError } from "../../core/errors.ts";
import { seconds } from "../../core/time.ts";
import { type Mark, touchedAt } from "../../marks/mark.ts";
import { openMarks } from "../../marks/marks.ts";
import type { ExitCode, Frame, Main } from "../../runtime/frame.ts";
import { openGrace } from "../../runtime/stop.ts";
import { thisPerson } from "../../runtime/this-person.ts";
import { tagPair } from "../../settings/aws-kinds.ts";
import { declareSettings, type SettingsOf, setting } from "../../settings/declare.ts";
import { text } from "../../settings/kinds.ts";
import { refuseForgetfulState } from "../../settings/state-settings.ts";
import { openActing } from "../actions/open-acting.ts";
import { type Clearing, planClear } from "../plan-clear.ts";
import { dirtycountSettings } from "../settings.ts";
import { type CommandPlace, print, refuse, runCommand } from "./open-command.ts";

const clearSettings = declareSettings("dirtycount", {
  tag: setting(tagPair(), { default: "dirty=skunked", says: dirtycountSettings.settings.tag.says }),
  reason: setting(text(), { from: ["flag"], says: "Why it is no longer dirty; it stands in the journal." }),
});

type ClearPlace = CommandPlace<SettingsOf<typeof clearSettings>>;

/** `i-...`, or `region/i-...` for one that has only the tag. */
const target = /^(?:([a-z]{2,}(?:-[a-z]+)+-\d{1,2})\/)?(i-(?:[0-9a-f]{8}|[0-9a-f]{17}))$/;

/** Takes a record and its tag away, for a person who says why. */
export const clear: Main = (frame) => {
  const [id = "", ...rest] = frame.argv;
  const isNamed = id !== "" && !id.startsWith("-");
  const [, region, instanceId = ""] = target.exec(id) ?? [];
  return runCommand(isNamed ? { ...frame, argv: rest } : frame, {
    program: "dirtycount clear INSTANCE --reason TEXT",
    says: "Takes the record of an instance away, and its tag with it; only in mode commit, and journaled.",
    examples: [
      ["dirtycount clear i-0123456789abcdef0 --reason 'rebuilt' prod --mode commit", "one that is recorded"],
      ["dirtycount clear eu-west-1/i-0123456789abcdef0 --reason '...' prod --mode commit", "one that has only the tag"],
    ],
    declaration: clearSettings,
    refuses: ({ reason }) => [
      ...(instanceId === "" ? [`"${isNamed ? id : ""}" is no instance such as i-0123456789abcdef0`] : []),
      ...(reason === undefined ? ["--reason must say why it is no longer dirty"] : []),
    ],
    run: (place) => clearInstance(place, { region, instanceId }),
  });
};

interface Target {
  /** Undefined: that of its record. */
  readonly region: string | undefined;
  readonly instanceId: string;
}

interface Found extends OpenScope {
  readonly region: string;
  readonly instanceId: string;
  readonly mark: Mark | undefined;
}

async function clearInstance(place: ClearPlace, target: Target): Promise<ExitCode> {
  const { frame, run, settings } = place;
  const { environment } = frame;
  const forgetful = refuseForgetfulState(run, { ...run, isSharded: false, environment });
  if (forgetful !== undefined) return refuse(frame, [forgetful]);
  const found = await findInstance(place, target);
  if (found === undefined) return refuse(frame, [sayUnknown(target)]);
  const asked: Clearing = {
    ...{ accountId: found.scope.accountId, region: found.region, instanceId: found.instanceId, tag: settings.tag },
    ...{ touchedAt: found.mark && touchedAt(found.mark), by: thisPerson(), reason: settings.reason ?? "" },
    now: frame.now(),
  };
  return sayEnd(frame, await act(place, found, asked), asked);
}

const sayUnknown = ({ instanceId, region }: Target): string =>
  region === undefined
    ? `no account of these settings has a record of "${instanceId}"; region/${instanceId} names one that has only the tag`
    : `no account of these settings has a record of "${instanceId}" in ${region}, and more than one might have it`;

/** In the first account that has a record; without any, in the only account there is, where the region is named. */
async function findInstance({ frame, run, store, scopes }: ClearPlace, target: Target): Promise<Found | undefined> {
  const opened: OpenScope[] = [];
  for (const source of scopes) {
    const open = await openChosen(source, { frame, run });
    if (open === undefined) continue;
    opened.push(open);
    for await (const mark of openMarks(store, open.scope.accountId, frame.now).list(target.region))
      if (mark.instanceId === target.instanceId) return { ...open, ...target, region: mark.region, mark };
  }
  const [only, ...others] = opened;
  const { region } = target;
  return only === undefined || others.length > 0 || region === undefined
    ? undefined
    : { ...only, ...target, region, mark: undefined };
}

async function openChosen(source: ScopeSource, { frame, run }: Pick<ClearPlace, "frame" | "run">) {
  const open = await source.open(frame.stop);
  return isChosenAccount(open.scope.accountId, run) ? open : undefined;
}

/** It has looked at one instance: no later run may be held against that. */
const oneInstance: Coverage = {
  missing: [{ what: "all other instances", code: "other", reason: "a person named one", subjects: true }],
  ...{ missingTotal: 1, subjectsMissing: true },
};

async function act({ frame, run, store }: ClearPlace, found: Found, asked: Clearing): Promise<Acts | undefined> {
  const { scope, session, region } = found;
  const { stop, now: clock } = frame;
  const finishing = openGrace(stop, seconds(3));
  const means = { session, store, accountId: scope.accountId, clock, stop: finishing.signal };
  try {
    return await actOnAccount({
      ...{ store, program: "dirtycount", accountId: scope.accountId, who: scope.callerArn, clock, stop },
      ...{ holder: thisHolder(), leaseLength: run.leaseTime },
      clockOffset: () => ec2Client(regionalSession(session, region)).config.systemClockOffset,
      circumstances: { ...run, mode: run.mode, exemptions: [], ownLegs: new Set() },
      kinds: openActing({ ...means, consistency: run.leaseTime }),
      plan: async () => ({
        ...{ actions: [planClear(asked)], coverage: oneInstance, limits: {} },
        fleet: { subjects: 0, due: 0 },
      }),
    });
  } finally {
    finishing.release();
  }
}

async function sayEnd(frame: Frame, acts: Acts | undefined, asked: Clearing): Promise<ExitCode> {
  const name = `${asked.instanceId} in ${asked.region}`;
  if (acts === undefined)
    return refuse(frame, [`not cleared: another run acts on account "${asked.accountId}" now`], 3);
  const [refusal] = acts.refusals;
  if (refusal !== undefined) return refuse(frame, [`not cleared: refused by gate ${refusal.gate}: ${refusal.says}`], 3);
  const [outcome] = acts.outcomes;
  if (outcome === undefined) throw new OpsError("stopped", "not cleared: it was not begun");
  if (!cleared.includes(outcome.ending)) return refuse(frame, [`not cleared: ${outcome.says}`], 1);
  return print(frame, outcome.ending === "applied" ? `cleared: ${name}\n` : `nothing to clear: ${outcome.says}\n`);
}

const cleared: readonly Ending[] = ["applied", "unneeded"];
