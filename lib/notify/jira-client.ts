import type { Client, Config, RequestConfig } from "jira.js";
import { BaseClient } from "jira.js/clients/baseClient";
import type { Secret } from "../core/secret.ts";
import { cloudCalls } from "./jira-cloud.ts";
import { requestDefaults, type SendLimits, send } from "./jira-send.ts";
import { serverCalls } from "./jira-server.ts";

export type JiraAuth =
  /** An Atlassian account's e-mail and API token; on a server, user name and password. */
  | { readonly kind: "basic"; readonly email: Secret; readonly token: Secret }
  /** A personal access token. */
  | { readonly kind: "bearer"; readonly token: Secret };

/** Sends by our own rules whatever jira.js's classes ask for. */
export function connectClient(apiAddress: string, auth: JiraAuth, limits: SendLimits): Client {
  const client = new BaseClient(configOf(apiAddress, auth));
  const sendRequest = (request: RequestConfig) => send(client, request, limits);
  // jira.js's classes call nothing else of a client, and never with a callback.
  return { sendRequest } as unknown as Client;
}

function configOf(host: string, auth: JiraAuth): Config {
  const token = auth.token.reveal();
  switch (auth.kind) {
    case "basic":
      return {
        ...{ host, baseRequestConfig: requestDefaults },
        authentication: { basic: { email: auth.email.reveal(), apiToken: token } },
      };
    case "bearer":
      return { host, baseRequestConfig: requestDefaults, authentication: { oauth2: { accessToken: token } } };
  }
}

export const callsByKind = { cloud: cloudCalls, server: serverCalls } as const;
