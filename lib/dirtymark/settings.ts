import { filterRule } from "../host-events/filter-rules.ts";
import { glob } from "../settings/act-kinds.ts";
import { accountId, region, roleName, tagPair } from "../settings/aws-kinds.ts";
import { declareSettings, type Origin, type SettingsOf, setting } from "../settings/declare.ts";
import { choice, duration, integer, list, text, toggle } from "../settings/kinds.ts";
import type { RunSettings } from "../settings/run-settings.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
const queue = text({
  pattern: /^([\w-]{1,80}|[\w-]{1,75}\.fifo|https?:\/\/\S+\/\d{12}\/[\w-]{1,80}(\.fifo)?)$/,
  expects: "the name of a queue, or its URL",
  placeholder: "QUEUE",
});

const topic = text({
  pattern: /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/,
  expects: "the ARN of an SNS topic",
  placeholder: "ARN",
});

const modulePath = text({ pattern: /\S/, expects: "the path of a JavaScript module", placeholder: "FILE" });

export const dirtymarkSettings = declareSettings("dirtymark", {
  queue: setting(queue, { default: "skunky", says: "Queue that is drained, in the account of the credentials." }),
  senders: setting(choice(["hosts", "forwarders"]), {
    default: "hosts",
    says: "Who may send to the queue: hosts, each for itself; or EventBridge and SNS, for all.",
  }),
  follow: setting(toggle(), {
    default: "false",
    says: "Stay when the queue is empty, and print points at least once every deadline.",
  }),
  tag: setting(tagPair(), {
    says: "Tag that marked instances get, such as dirty=skunked; unset: none, they are only recorded.",
  }),
  tagUnverified: setting(toggle(), {
    default: "false",
    says: "Tag instances, too, of which only senders spoke that could not be proven.",
  }),
  markRole: setting(roleName(), {
    default: "Skunky",
    says: "Role in each account that may tag its instances and read its instance profiles.",
  }),
  knownAccounts: setting(list(accountId()), {
    default: "",
    says: "Accounts whose instances may be marked; none: any.",
  }),
  regions: setting(list(region()), { default: "", says: "Regions whose instances may be marked; none: any." }),
  topics: setting(list(topic), {
    default: "",
    says: "SNS topics that forward events; messages of others are refused.",
  }),
  guardDuty: setting(toggle(), {
    default: "false",
    says: "Mark instances of GuardDuty's findings, where the instance is the actor or its processes are what was found.",
  }),
  automationPrincipals: setting(list(glob()), {
    default: "",
    says: "Principals whose events are counted and mark nothing, such as those of a pipeline.",
  }),
  filters: setting(list(filterRule()), {
    default: "",
    original: "filter_config",
    says: "Rules that drop events, set their level (else ssh is high, all other events critical) or annotate them.",
  }),
  maxReceives: setting(integer({ min: 1, max: 1000 }), {
    default: "5",
    unit: "deliveries",
    says: "After as many a message that is malformed or forged leaves the queue.",
  }),
  maxBytes: setting(integer({ min: 1024, max: 1_048_576 }), {
    default: "262144",
    unit: "bytes",
    says: "Messages that are longer are refused.",
  }),
  visibility: setting(duration({ bare: "seconds", min: "30s", max: "12h" }), {
    default: "2m",
    says: "How long a message under work is kept from other consumers; prolonged while work goes on.",
  }),
  receivers: setting(integer({ min: 1, max: 100 }), {
    default: "10",
    unit: "calls",
    says: "How many batches of ten messages are asked for at once.",
  }),
  window: setting(integer({ min: 10, max: 10_000 }), {
    default: "1000",
    unit: "messages",
    says: "How many messages are taken together, so that events of one instance are written once.",
  }),
  filterModules: setting(list(modulePath), {
    default: "",
    says: "Modules of your own that drop events, change their level or add to them.",
  }),
  auditors: setting(list(modulePath), {
    default: "",
    says: "Modules of your own that are told of every mark.",
  }),
});

export type DirtymarkSettings = SettingsOf<typeof dirtymarkSettings>;

/** Nothing is received in the other modes: they would ask how the queue stands, over and over. */
export const refuseRun = (
  { follow }: Pick<DirtymarkSettings, "follow">,
  { follow: origin }: { readonly follow: Pick<Origin, "where"> },
  { mode }: Pick<RunSettings, "mode">,
): readonly string[] => (follow && mode !== "commit" ? [`${origin.where}: follow needs mode commit`] : []);
