import type { Grant, Trust } from "../aws/policy-document.ts";
import { dirtymarkBurialPermissions, dirtymarkPermissions } from "../dirtymark/permissions.ts";
import { dirtymarkSettings } from "../dirtymark/settings.ts";
import { queueActions } from "../queue/sqs-actions.ts";
import type { Frame } from "../runtime/frame.ts";
import {
  grantMarkRole,
  grantOthers,
  markRolesOf,
  type QueueArns,
  queueArnsOf,
  trustConsumer,
} from "./dirtymark-grants.ts";
import { type Granted, grantRun } from "./grant-run.ts";
import { type LoadedRun, loadRun } from "./load-run.ts";
import type { PolicyOptions } from "./policy-options.ts";

type Loaded = Extract<LoadedRun<typeof dirtymarkSettings>, { readonly ok: true }>;

/** Of a mode that receives nothing there is the consumer's policy alone. */
export async function grantDirtymark(frame: Frame, options: PolicyOptions): Promise<Granted> {
  const loaded = await loadRun(frame, options, dirtymarkSettings);
  if (!loaded.ok) return loaded;
  const { run, settings } = loaded;
  const { for: audience = "consumer", account, principals } = options;
  const arns = queueArnsOf(settings, { account, region: run.region });
  if (audience === "consumer") return { ok: true, grants: grantConsumer(loaded, arns, account) };
  if (run.mode !== "commit") return refuse(`mode ${run.mode} marks nothing: give --mode commit`);
  if (audience === "mark-role") return { ok: true, grants: grantMarkRole(settings, arns.partition) };
  if (audience === "others") return orRefuse(grantOthers(settings, { arns, except: principals }));
  const trusted =
    principals.length > 0 || account === undefined ? principals : [`arn:${arns.partition}:iam::${account}:root`];
  if (trusted.length === 0) return refuse("who may assume the mark role: give --principals or --account");
  return { ok: true, grants: trustConsumer(trusted, run.externalId) };
}

const refuse = (says: string): Granted => ({ ok: false, problems: [says] });

const orRefuse = (grants: readonly (Grant | Trust)[]): Granted =>
  grants.length > 0 ? { ok: true, grants } : refuse("without tag and senders = hosts others need no policy");

function grantConsumer({ run, settings }: Loaded, arns: QueueArns, account: string | undefined): readonly Grant[] {
  const grants = grantRun(run, {
    ...{ account, actions: dirtymarkPermissions[run.mode], resources: [arns.queue] },
    ...{ secrets: [], credstashRegion: undefined },
  });
  if (run.mode !== "commit") return grants;
  const burial = [queueActions.observe.findUrl, ...dirtymarkBurialPermissions].sort();
  return [
    ...grants,
    { sid: "DeadLetters", actions: burial, resources: [arns.deadLetters] },
    { sid: "AssumeMarkRoles", actions: ["sts:AssumeRole"], resources: markRolesOf(settings, arns.partition) },
  ];
}
