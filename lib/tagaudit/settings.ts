import { exemptions } from "../settings/act-kinds.ts";
import { region } from "../settings/aws-kinds.ts";
import { declareSettings, type SettingsOf, setting } from "../settings/declare.ts";
import { duration, integer, list, percent, text, toggle } from "../settings/kinds.ts";
import { mailChecked, mailSettings, refuseMail } from "../settings/mail-settings.ts";
import { credstashSettings } from "../settings/secret-settings.ts";
import { slackChannel, slackSettings } from "../settings/slack-settings.ts";

const filePath = text({ pattern: /\S/, expects: "the path of a file", placeholder: "FILE" });

/** AWS's own limit (Tag your resources, EC2 User Guide). */
const tagKey = text({
  pattern: /^(?!aws:)[^,]{1,128}$/,
  expects: "a tag's key of at most 128 characters, not one of AWS's own",
  placeholder: "KEY",
});

const instanceId = text({
  pattern: /^i-[0-9a-f]{8,17}$/,
  expects: "an instance's id such as i-0123456789abcdef0",
  placeholder: "INSTANCE",
});

/** https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_ListUsers.html */
const identityStoreId = text({
  pattern: /^(d-[0-9a-f]{10}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/,
  expects: "an identity store's id such as d-1234567890",
  placeholder: "STORE",
});

const span = duration({ bare: "minutes" });

/** Never read: everybody on the machine sees the command line, and it ends up in logs and histories. */
const neverGiven = text({
  pattern: /^(?!)/,
  expects: "to be given on the command line, where ps shows it to everybody; use a profile or the environment",
  placeholder: "",
});

export const tagauditSettings = declareSettings(
  "tagaudit",
  {
    regions: setting(list(region()), {
      default: "",
      original: ["-r", "--regions"],
      says: "Regions to audit; none: all that the account has enabled.",
    }),
    skipRegions: setting(list(region()), {
      default: "",
      says: "Regions that are left out, such as those that a service control policy denies.",
    }),
    tags: setting(list(tagKey), {
      default: "",
      original: ["-t", "--tags"],
      says: "Tags that every instance must have; for rules about their values use scheme.",
    }),
    scheme: setting(filePath, { says: "YAML or JSON file with the tag scheme." }),
    tagPolicy: setting(filePath, {
      says: "A tag policy of AWS Organizations as JSON, in place of scheme: tags are judged where they are.",
    }),
    grace: setting(duration({ bare: "minutes", min: "1m" }), {
      default: "5m",
      original: ["-g", "--grace"],
      says: "How long an instance may break a rule that has no grace of its own.",
    }),
    confirm: setting(toggle(), {
      default: "false",
      original: ["-c", "--confirm"],
      says: "The tag created_by must name an IAM user.",
    }),
    minIamUsers: setting(integer({ min: 1 }), {
      default: "2",
      unit: "IAM users",
      says: "In an account with fewer, nothing is judged by them: people who sign in elsewhere are no IAM users.",
    }),
    identityStore: setting(identityStoreId, {
      says: "Identity store whose users a rule identity-center-user means; unset: that of the only instance in identity_center_region.",
    }),
    identityCenterRegion: setting(region(), {
      says: "Region of IAM Identity Center; unset: that of its credentials.",
    }),
    identityCenterProfile: setting(text({ pattern: /\S/, expects: "an AWS profile", placeholder: "PROFILE" }), {
      says: "AWS profile that reads IAM Identity Center, in the account that it is managed from; unset: the credentials of the run.",
    }),
    minIdentityCenterUsers: setting(integer({ min: 1 }), {
      default: "2",
      unit: "users of IAM Identity Center",
      says: "Where there are fewer, nothing is judged by them.",
    }),
    notifyAfter: setting(span, {
      default: "0m",
      says: "How long after its grace is over an owner is first told of an instance.",
    }),
    notifyEvery: setting(duration({ bare: "hours", min: "1m" }), {
      default: "24h",
      says: "How often an owner is told of the same instance, at most.",
    }),
    stop: setting(toggle(), { default: "true", says: "False keeps instances from being stopped in mode commit." }),
    stopAfter: setting(span, {
      default: "7d",
      says: "How long after the first notice that reached its owner an instance may be stopped.",
    }),
    terminate: setting(toggle(), {
      default: "false",
      original: ["-k", "--terminate"],
      says: "Instances may be terminated in mode commit; true alone does not start it.",
    }),
    terminateAfter: setting(span, {
      default: "14d",
      says: "How long after it was stopped an instance may be terminated; where none is stopped, after the notice.",
    }),
    maxStops: setting(integer({ min: 0 }), {
      default: "5",
      unit: "stops per account in 24 h",
      says: "How many instances are stopped, at most.",
    }),
    maxTerminations: setting(integer({ min: 0 }), {
      default: "5",
      unit: "terminations per account in 24 h",
      says: "How many instances are terminated, at most.",
    }),
    maxShare: setting(percent(), {
      default: "5%",
      unit: "percent of the instances judged in 24 h",
      says: "How large a share is stopped, and how large a share terminated, at most; one instance is within any share.",
    }),
    maxNotices: setting(integer({ min: 0 }), {
      default: "25",
      unit: "notices per account in 24 h",
      says: "How many notices are sent, at most; instances that nobody was told of come first.",
    }),
    ownInstances: setting(list(instanceId), {
      default: "",
      says: "Instances that this program needs, such as the one it runs on: they are never changed.",
    }),
    canaryTimestamp: setting(toggle(), {
      default: "false",
      says: "In mode commit the tag canary_timestamp of each region's canary says, to the hour, when the region was last audited.",
    }),
    dailyReport: setting(toggle(), {
      default: "false",
      says: "Once a day tell report_channel and mail_to what is in violation.",
    }),
    reportChannel: setting(slackChannel(), { says: "Slack channel that gets the daily report." }),
    detail: setting(toggle(), { default: "false", says: "Print a point for every rule that an instance breaks." }),
    ecs: setting(toggle(), {
      default: "false",
      says: "Documents have the names of the Elastic Common Schema beside the original's.",
    }),
    ...slackSettings,
    ...mailSettings,
    ...credstashSettings,
    exemptions: setting(exemptions(), {
      default: [],
      says: "Instances and owners that are left alone: user or key (globs), reason, owner, until.",
    }),
    checkScheme: setting(filePath, {
      from: ["flag"],
      says: "Only say what is wrong with this scheme, and, with against, what it would find.",
    }),
    against: setting(filePath, {
      from: ["flag"],
      says: "Instances to hold check_scheme against: what aws ec2 describe-instances prints.",
    }),
    awsAccessKey: setting(neverGiven, {
      from: ["flag"],
      original: ["-a", "--aws_access_key"],
      secret: true,
      says: "Refused.",
    }),
    awsSecretKey: setting(neverGiven, {
      from: ["flag"],
      original: ["-s", "--aws_secret_key"],
      secret: true,
      says: "Refused.",
    }),
  },
  (check) => [
    check(["tags", "scheme", "tagPolicy"], ({ tags, scheme, tagPolicy }) => {
      const ways = [tags.length > 0, scheme !== undefined, tagPolicy !== undefined].filter(Boolean).length;
      return ways > 1 ? "only one of tags, scheme and tag_policy can say which tags are asked for" : undefined;
    }),
    check(["against", "checkScheme"], ({ against, checkScheme }) =>
      against !== undefined && checkScheme === undefined ? "against goes with check_scheme" : undefined,
    ),
    check(["dailyReport", "reportChannel", "mailTo"], ({ dailyReport, reportChannel, mailTo }) =>
      dailyReport && reportChannel === undefined && mailTo.length === 0
        ? "daily_report needs report_channel or mail_to"
        : undefined,
    ),
    check(mailChecked, refuseMail),
  ],
);

export type TagauditSettings = SettingsOf<typeof tagauditSettings>;

/** Which tags are asked for, nothing else can tell. */
export const refuseRun = ({ tags, scheme, tagPolicy, checkScheme }: TagauditSettings): readonly string[] =>
  checkScheme === undefined && tags.length === 0 && scheme === undefined && tagPolicy === undefined
    ? ["tags, scheme or tag_policy must say which tags are asked for: --tags owner,project"]
    : [];
