import { filterRule } from "../host-events/filter-rules.ts";
import { exemptions, glob } from "../settings/act-kinds.ts";
import { region, tagPair } from "../settings/aws-kinds.ts";
import { declareSettings, type SettingsOf, setting } from "../settings/declare.ts";
import { duration, integer, list, percent, text, toggle } from "../settings/kinds.ts";

const filePath = text({ pattern: /\S/, expects: "the path of a file", placeholder: "FILE" });

const instanceId = text({
  pattern: /^i-[0-9a-f]{8,17}$/,
  expects: "an instance's id such as i-0123456789abcdef0",
  placeholder: "INSTANCE",
});

export const dirtycountSettings = declareSettings(
  "dirtycount",
  {
    regions: setting(list(region()), {
      default: "",
      says: "Regions whose instances are counted; none: all that the account has enabled.",
    }),
    skipRegions: setting(list(region()), {
      default: "",
      says: "Regions that are left out, such as those that a service control policy denies.",
    }),
    tag: setting(tagPair(), {
      default: "dirty=skunked",
      says: "Tag that dirtymark puts on marked instances; give both the same.",
    }),
    tagUnverified: setting(toggle(), {
      default: "false",
      says: "Instances, too, of which only senders spoke that could not be proven, should have the tag.",
    }),
    retag: setting(toggle(), {
      default: "true",
      says: "False keeps mode commit from putting the tag on recorded instances that lack it.",
    }),
    fleet: setting(toggle(), {
      default: "true",
      says: "Read all instances, so that the dirty ones are a share of them; false reads only those tagged or recorded.",
    }),
    recycle: setting(toggle(), {
      default: "false",
      says: "True has mode commit replace dirty instances of Auto Scaling groups, one of a group at a time.",
    }),
    recycleAfter: setting(duration({ bare: "hours" }), {
      default: "24h",
      says: "How long after a person was last seen on an instance it may be recycled.",
    }),
    maxRecycles: setting(integer({ min: 0 }), {
      default: "5",
      unit: "instances per account in 24 h",
      says: "How many instances are recycled, at most.",
    }),
    maxShare: setting(percent(), {
      default: "5%",
      unit: "percent of the instances counted in 24 h",
      says: "How large a share is recycled, at most; one instance is within any share.",
    }),
    ownInstances: setting(list(instanceId), {
      default: "",
      says: "Instances that this program needs, such as the one it runs on: they are never recycled.",
    }),
    exemptions: setting(exemptions(), {
      default: [],
      says: "Instances and groups that are never recycled: name (a glob), reason, owner, until.",
    }),
    simulate: setting(filePath, {
      from: ["flag"],
      says: "Only print what events would come to: a file with one message of a queue a line, without AWS.",
    }),
    filters: setting(list(filterRule()), {
      default: "",
      says: "With simulate: rules that drop events, set their level or add to them, as dirtymark's.",
    }),
    automationPrincipals: setting(list(glob()), {
      default: "",
      says: "With simulate: principals whose events mark nothing, as dirtymark's.",
    }),
    guardDuty: setting(toggle(), {
      default: "false",
      says: "With simulate: findings of GuardDuty mark, as dirtymark's.",
    }),
  },
  (check) => [
    check(["recycle", "fleet"], ({ recycle, fleet }) =>
      recycle && !fleet
        ? "recycle needs fleet, because what it may do depends on how many instances there are"
        : undefined,
    ),
  ],
);

export type DirtycountSettings = SettingsOf<typeof dirtycountSettings>;

/** What is counted is what is remembered. */
export const refuseRun = (
  { simulate }: Pick<DirtycountSettings, "simulate">,
  { state }: { readonly state: string },
): readonly string[] =>
  simulate === undefined && state === "none"
    ? ["state can't be none: dirtycount counts what dirtymark remembers there"]
    : [];
