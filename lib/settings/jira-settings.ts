import { setting } from "./declare.ts";
import { choice, duration, text, toggle } from "./kinds.ts";
import { credstashName, type SecretSource, secretSource } from "./secret-settings.ts";

/** Where tickets are filed, for a program's declaration to spread. */
export const jiraSettings = {
  createJira: setting(toggle(), {
    default: "false",
    original: "create_jira",
    says: "File a Jira ticket for what an owner has to do.",
  }),
  jiraServerAddress: setting(
    text({
      pattern: /^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/,
      expects: "a web address such as https://example.atlassian.net",
      placeholder: "URL",
    }),
    { original: "jira_server_address", says: "Address of Jira, as people reach it." },
  ),
  jiraCloudId: setting(text({ pattern: /^[\w-]{1,64}$/, expects: "the id of a Jira Cloud site", placeholder: "ID" }), {
    says: "Cloud id of the site: API tokens with scopes work only through its address.",
  }),
  jiraKind: setting(choice(["cloud", "server"]), {
    says: "Which Jira it is, Cloud or Server and Data Center; unset: by its address, cloud with jira_cloud_id.",
  }),
  jiraProjectKey: setting(
    text({
      pattern: /^[A-Za-z][A-Za-z0-9_]{0,254}$/,
      expects: "the key of a Jira project, such as OPS",
      placeholder: "KEY",
    }),
    { original: "jira_project_key", says: "Key of the project that tickets are filed in." },
  ),
  jiraIssueType: setting(text(), { default: "Story", says: "Issue type of the tickets." }),
  jiraLabel: setting(
    text({ pattern: /^\S{1,255}$/, expects: "a label of at most 255 characters without spaces", placeholder: "LABEL" }),
    { default: "AWS-User-Key-Rotation", says: "Label that all tickets have." },
  ),
  jiraAuth: setting(choice(["basic", "bearer"]), {
    default: "basic",
    says: "How to sign in: basic with jira_email and jira_token, or bearer with jira_token, a personal access token.",
  }),
  jiraEmail: setting(secretSource(), {
    secret: true,
    says: "Where the e-mail address of the Atlassian account is kept; on a server, the user's name.",
  }),
  jiraToken: setting(secretSource(), {
    secret: true,
    says: "Where the Atlassian API token is kept; on a server, the password or the personal access token.",
  }),
  credstashKeynameAtlassianApiEmail: setting(credstashName(), {
    original: "credstash_keyname_atlassian_api_email",
    says: "Name in credstash of the e-mail address, in place of jira_email.",
  }),
  credstashKeynameAtlassianApiToken: setting(credstashName(), {
    original: "credstash_keyname_atlassian_api_token",
    says: "Name in credstash of the API token, in place of jira_token.",
  }),
  jiraSettleAfter: setting(duration({ bare: "minutes" }), {
    default: "5m",
    says: "How long Jira's search may lag: after it, a ticket whose answer was lost and that is not found counts as not filed.",
  }),
  jiraReopen: setting(choice(["reopen", "new"]), {
    default: "reopen",
    says: "What to do about a done ticket whose cause is still there: reopen it, or file a new one.",
  }),
} as const;

/** The settings that `refuseJira` judges, for a check to name. */
export const jiraChecked = [
  "createJira",
  "jiraServerAddress",
  "jiraCloudId",
  "jiraKind",
  "jiraProjectKey",
  "jiraAuth",
  "jiraEmail",
  "jiraToken",
  "credstashKeynameAtlassianApiEmail",
  "credstashKeynameAtlassianApiToken",
] as const satisfies readonly (keyof typeof jiraSettings)[];

interface Secrets {
  readonly jiraEmail: SecretSource | undefined;
  readonly jiraToken: SecretSource | undefined;
  readonly credstashKeynameAtlassianApiEmail: SecretSource | undefined;
  readonly credstashKeynameAtlassianApiToken: SecretSource | undefined;
}

export interface JiraValues extends Secrets {
  readonly createJira: boolean;
  readonly jiraServerAddress: string | undefined;
  readonly jiraCloudId: string | undefined;
  readonly jiraKind: "cloud" | "server" | undefined;
  readonly jiraProjectKey: string | undefined;
  readonly jiraAuth: "basic" | "bearer";
}

/** What is missing where tickets are to be filed, or given twice. */
export function refuseJira(values: JiraValues): string | undefined {
  if (values.jiraCloudId !== undefined && values.jiraKind === "server")
    return "jira_cloud_id goes with jira_kind = cloud";
  const twice = givenTwice(values);
  if (twice !== undefined) return twice;
  const missing = values.createJira ? missingFor(values) : [];
  return missing.length === 0 ? undefined : `create_jira needs ${missing.join(", ")}`;
}

function givenTwice(values: Secrets): string | undefined {
  if (values.jiraEmail !== undefined && values.credstashKeynameAtlassianApiEmail !== undefined)
    return "only one of jira_email and credstash_keyname_atlassian_api_email can be given";
  if (values.jiraToken !== undefined && values.credstashKeynameAtlassianApiToken !== undefined)
    return "only one of jira_token and credstash_keyname_atlassian_api_token can be given";
  return undefined;
}

function missingFor(values: JiraValues): readonly string[] {
  const { email, token } = jiraSecrets(values);
  const hasAddress = values.jiraServerAddress !== undefined || values.jiraCloudId !== undefined;
  return [
    ...(hasAddress ? [] : ["jira_server_address or jira_cloud_id"]),
    ...(values.jiraProjectKey === undefined ? ["jira_project_key"] : []),
    ...(values.jiraAuth === "basic" && email === undefined ? ["jira_email (with jira_auth = basic)"] : []),
    ...(token === undefined ? ["jira_token"] : []),
  ];
}

/** Where the two secrets are, by our name for them or the original's. */
export const jiraSecrets = (values: Secrets) => ({
  email: values.jiraEmail ?? values.credstashKeynameAtlassianApiEmail,
  token: values.jiraToken ?? values.credstashKeynameAtlassianApiToken,
});
