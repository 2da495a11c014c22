import { type Acts, actOnAccount } from "../../act/act-on-account.ts";
import type { Ending } from "../../act/action.ts";
import { thisHolder } from "../../act/holder.ts";
import { ec2Client } from "../../aws/client/ec2.ts";
import { regionalSession } from "../../aws/regional-session.ts";
import type { OpenScope } from "../../aws/scopes.ts";
import type { Coverage } from "../../core/coverage.ts";
import { OpsError } from "../../core/errors.ts";
import { seconds } from "../../core/time.ts";
import { isInstanceId, isRegion } from "../../host-events/place.ts";
import type { Mark } from "../../marks/mark.ts";
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
import { type CommandPlace, openChosen, print, refuse, runCommand } from "./open-command.ts";

const clearSettings = declareSettings("dirtycount", {
  tag: setting(tagPair(), { default: "dirty=skunked", says: dirtycountSettings.settings.tag.says }),
  reason: setting(text(), { from: ["flag"], says: "Why it is no longer dirty; it stands in the journal." }),
});

type ClearPlace = CommandPlace<SettingsOf<typeof clearSettings>>;

/** `i-...`, or `region/i-...`; undefined for what is neither. */
function parseTarget(text: string): Target | undefined {
  const [instanceId, region, ...rest] = text.split("/").toReversed();
  if (!isInstanceId(instanceId) || rest.length > 0) return undefined;
  return region === undefined || isRegion(region) ? { region, instanceId } : undefined;
}

/** Takes a record and its tag away, for a person who says why. */
export const clear: Main = (frame) => {
  const [id = "", ...rest] = frame.argv;
  const isNamed = id !== "" && !id.startsWith("-");
  const target = parseTarget(id);
  return runCommand(isNamed ? { ...frame, argv: rest } : frame, {
    program: "dirtycount clear INSTANCE --reason TEXT",
    says: "Takes the record of an instance away, and its tag with it; only in mode commit, and journaled.",
    examples: [
      ["dirtycount clear i-0123456789abcdef0 --reason 'rebuilt' prod --mode commit", "one that is recorded"],
      ["dirtycount clear eu-west-1/i-0123456789abcdef0 --reason '...' prod --mode commit", "one that has only the tag"],
    ],
    declaration: clearSettings,
    refuses: ({ reason }) => [
      ...(target === undefined ? [`"${isNamed ? id : ""}" is no instance such as i-0123456789abcdef0`] : []),
      ...(reason === undefined ? ["--reason must say why it is no longer dirty"] : []),
    ],
    run: async (place) => (target === undefined ? 2 : clearInstance(place, target)),
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
  const [found, ...others] = await findInstances(place, target);
  if (found === undefined) return refuse(frame, [sayUnknown(target)]);
  if (others.length > 0) return refuse(frame, [sayAmbiguous(target, [found, ...others])]);
  const asked: Clearing = {
    ...{ accountId: found.scope.accountId, region: found.region, instanceId: found.instanceId, tag: settings.tag },
    ...{ mark: found.mark, by: thisPerson(), reason: settings.reason ?? "" },
    now: frame.now(),
  };
  return sayEnd(frame, await act(place, found, asked), asked);
}

const sayUnknown = ({ instanceId, region }: Target): string =>
  region === undefined
    ? `no account of these settings has a record of "${instanceId}"; region/${instanceId} names one that has only the tag`
    : `no account of these settings has a record of "${instanceId}" in ${region}, and more than one might have it`;

/** Whoever is not believed may have named an instance in a region or an account where it is not. */
const sayAmbiguous = ({ instanceId }: Target, found: readonly Found[]): string =>
  `"${instanceId}" is recorded more than once: ` +
  `${found.map(({ region, scope }) => `${region}/${instanceId} in account ${scope.accountId}`).join(", ")}; ` +
  "name its region, and its account's profile alone";

/** Wherever it is recorded; nowhere: in the only account there is, where the region is named. */
async function findInstances({ frame, run, store, scopes }: ClearPlace, target: Target): Promise<readonly Found[]> {
  const opened: OpenScope[] = [];
  const found: Found[] = [];
  for (const source of scopes) {
    const open = await openChosen(source, { frame, run });
    // Two profiles may lead to one account.
    if (open === undefined || opened.some(({ scope }) => scope.accountId === open.scope.accountId)) continue;
    opened.push(open);
    for await (const mark of openMarks(store, open.scope.accountId, frame.now).list(target.region))
      if (mark.instanceId === target.instanceId) found.push({ ...open, ...target, region: mark.region, mark });
  }
  if (found.length > 0) return found;
  const [only, ...others] = opened;
  const { region } = target;
  return only === undefined || others.length > 0 || region === undefined
    ? []
    : [{ ...only, ...target, region, mark: undefined }];
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
