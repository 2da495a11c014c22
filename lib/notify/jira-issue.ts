import * as z from "zod/mini";
import { formatInstant } from "../core/time.ts";
import { JiraFailure } from "./jira-failure.ts";
import { formatSummary } from "./jira-text.ts";
import type { Transition } from "./jira-transition.ts";
import type { NewTicket } from "./tracker.ts";

/** What a new issue holds, under the names of Jira's fields. */
export interface IssueFields<Body> {
  readonly project: { readonly key: string };
  readonly issuetype: { readonly name: string };
  readonly summary: string;
  readonly description: Body;
  readonly labels: readonly string[];
  readonly duedate?: string;
}

export interface IssueSetting {
  readonly projectKey: string;
  readonly issueType: string;
  /** Which all tickets have. */
  readonly label: string;
}

export function issueFields<Body>(ticket: NewTicket, description: Body, setting: IssueSetting): IssueFields<Body> {
  return {
    project: { key: setting.projectKey },
    issuetype: { name: setting.issueType },
    summary: formatSummary(ticket.message.subject),
    description,
    labels: [...new Set([setting.label, ticket.label])],
    ...(ticket.dueAt === undefined ? {} : { duedate: formatInstant(ticket.dueAt).slice(0, 10) }),
  };
}

/** The search that finds a label's issues, oldest first. */
export const labelQuery = (projectKey: string, label: string): string =>
  `project = ${quote(projectKey)} AND labels = ${quote(label)} ORDER BY created ASC`;

/** A value of JQL that can't be anything else (Atlassian's page "Search for reserved characters in JQL"). */
const quote = (value: string): string => `"${value.replace(/\p{Cc}/gu, "").replace(/["\\]/g, "\\$&")}"`;

export interface Issue {
  readonly key: string;
  readonly status: string;
  readonly isDone: boolean;
  readonly labels: readonly string[];
}

const status = z.object({ name: z.string(), statusCategory: z.object({ key: z.string() }) });

const issueAnswer = z.pipe(
  z.object({
    key: z.string(),
    fields: z.object({ status, labels: z._default(z.array(z.string()), []) }),
  }),
  z.transform(
    ({ key, fields }): Issue => ({
      key,
      status: fields.status.name,
      isDone: fields.status.statusCategory.key === "done",
      labels: fields.labels,
    }),
  ),
);

const fieldAnswer = z.object({
  name: z._default(z.string(), ""),
  required: z._default(z.boolean(), false),
  hasDefaultValue: z._default(z.boolean(), false),
  allowedValues: z._default(z.array(z.object({ name: z.optional(z.string()) })), []),
});

const transitionsAnswer = z.pipe(
  z.object({
    transitions: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        to: status,
        fields: z._default(z.record(z.string(), fieldAnswer), {}),
      }),
    ),
  }),
  z.transform(({ transitions }): readonly Transition[] =>
    transitions.map(({ id, name, to, fields }) => ({
      ...{ id, name, toStatus: to.name, toCategory: to.statusCategory.key },
      fields: Object.entries(fields).map(([key, field]) => ({
        ...{ key, name: field.name, isRequired: field.required, hasDefault: field.hasDefaultValue },
        allowed: field.allowedValues.flatMap((value) => value.name ?? []),
      })),
    })),
  ),
);

/** Each of Jira's answers as far as it is used; what else it holds does not matter. */
export const answers = {
  issue: issueAnswer,
  created: z.object({ key: z.string() }),
  /** API 3: the last page has no token (or says so). */
  tokenPage: z.object({
    issues: z.array(issueAnswer),
    nextPageToken: z.optional(z.nullable(z.string())),
    isLast: z.optional(z.boolean()),
  }),
  /** API 2. */
  countedPage: z.object({ issues: z.array(issueAnswer), total: z.int() }),
  comments: z.object({ comments: z.array(z.object({ body: z.unknown() })), total: z.int() }),
  transitions: transitionsAnswer,
  permissions: z.object({ permissions: z.record(z.string(), z.object({ havePermission: z.boolean() })) }),
  serverInfo: z.object({ baseUrl: z.string() }),
};

/** @throws JiraFailure when it is something else; a change that was answered so may have been made */
export function readAnswer<Value>(schema: z.ZodMiniType<Value>, answer: unknown, isChange = false): Value {
  const read = schema.safeParse(answer);
  if (read.success) return read.data;
  const places = read.error.issues.map(({ path }) => path.join(".")).filter((place) => place !== "");
  const reason = ["the answer is not Jira's", ...places.slice(0, 1).map((place) => `no ${place} as it should be`)].join(
    ": ",
  );
  throw new JiraFailure("other", reason, { mayBeDone: isChange });
}
