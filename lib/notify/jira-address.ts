export type JiraKind = "cloud" | "server";

interface Where {
  readonly serverAddress: string | undefined;
  readonly cloudId: string | undefined;
}

/** Jira Cloud has a cloud id or lives on a site of Atlassian's; anything else is Server or Data Center. */
export function jiraKindOf({ serverAddress, cloudId }: Where): JiraKind {
  if (cloudId !== undefined) return "cloud";
  return serverAddress !== undefined && siteOfAtlassian.test(new URL(serverAddress).hostname) ? "cloud" : "server";
}

const siteOfAtlassian = /\.(atlassian\.net|atlassian-us-gov-mod\.net|jira\.com)$/;

/** Tokens with scopes are taken only at the cloud id's address (Atlassian's page "Manage API tokens"). */
export const apiAddressOf = ({ serverAddress, cloudId }: Where): string | undefined =>
  cloudId === undefined ? serverAddress : `https://api.atlassian.com/ex/jira/${encodeURIComponent(cloudId)}`;

export const ticketAddress = (site: string, key: string): string =>
  `${site.replace(/\/+$/, "")}/browse/${encodeURIComponent(key)}`;
