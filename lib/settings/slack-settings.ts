import { setting } from "./declare.ts";
import { text, toggle } from "./kinds.ts";
import { credstashName, type SecretSource, secretSource } from "./secret-settings.ts";

export const slackChannel = () =>
  text({
    pattern: /^([CG][A-Z0-9]{2,}|#[^\s#<>&,]{1,80})$/,
    expects: "a channel's id such as C0123ABCD, or its name such as #security",
    placeholder: "CHANNEL",
  });

/** How people are told through Slack, for a program's declaration to spread. */
export const slackSettings = {
  sendSlack: setting(toggle(), {
    default: "true",
    original: "send_slack",
    says: "False tells nobody through Slack, whatever the mode.",
  }),
  slackToken: setting(secretSource(), {
    secret: true,
    says: "Where the Slack bot's token is kept; unset: nobody is told through Slack.",
  }),
  slackTokenCredstash: setting(credstashName(), {
    original: "credstash_keyname_slack_api_token",
    says: "Name of the Slack bot's token in credstash, where slack_token is unset.",
  }),
  slackMap: setting(text({ pattern: /\S/, expects: "the path of a file", placeholder: "FILE" }), {
    says: "YAML or JSON file that maps users to Slack ids; a user not in it is found by the tag slack, else by the tag email.",
  }),
  slackFallbackChannel: setting(slackChannel(), {
    says: "Channel that is told where nobody can be found; that never counts as having told an owner.",
  }),
  slackApiUrl: setting(
    text({
      pattern: /^(https:\/\/[^\s/?#@:]+(:\d+)?|http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?)(\/[^\s?#]*)?$/,
      expects: "an https address, or an http address of this machine",
      placeholder: "URL",
    }),
    {
      default: "https://slack.com/api/",
      says: "Address of Slack's Web API; for GovSlack https://slack-gov.com/api/.",
    },
  ),
} as const;

export interface SlackValues {
  readonly sendSlack: boolean;
  readonly slackApiUrl: string;
  readonly slackToken: SecretSource | undefined;
  readonly slackTokenCredstash: SecretSource | undefined;
}

/** By our name for it or the original's. */
export const slackTokenSource = ({
  slackToken,
  slackTokenCredstash,
}: Pick<SlackValues, "slackToken" | "slackTokenCredstash">): SecretSource | undefined =>
  slackToken ?? slackTokenCredstash;
