import { wrongInDocument } from "./fake-jira-description.ts";
import { type Category, type FakeTransition, type FakeWorkflow, workflows } from "./fake-jira-workflows.ts";

export interface FakeComment {
  readonly id: string;
  readonly body: unknown;
}

export interface FakeIssue {
  readonly id: string;
  readonly key: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly comments: FakeComment[];
  /** Every status it had, and since when; the last is its status. */
  readonly history: { readonly at: number; readonly status: string }[];
}

export interface FakeProject {
  readonly key: string;
  readonly workflow: keyof typeof workflows;
  /** Asked for at creation, by key and name. */
  readonly required: Readonly<Record<string, string>>;
  /** Known, but not on the screen. */
  readonly offScreen: readonly string[];
  readonly mayBrowse: boolean;
  readonly mayCreate: boolean;
  readonly mayTransition: boolean;
}

export interface FakeAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export const refuse = (status: number, messages: readonly string[], errors: Readonly<Record<string, string>> = {}) => ({
  status,
  body: { errorMessages: messages, errors },
});

type Kind = "cloud" | "server";

const known = ["project", "issuetype", "summary", "description", "labels", "duedate"];
const issueTypes = ["Story", "Task", "Bug"];

/** What Jira says of the fields of a new issue, by field. */
export function wrongFields(kind: Kind, project: FakeProject, fields: Readonly<Record<string, unknown>>) {
  const { summary, labels, duedate, issuetype, description } = fields;
  const wrong: Record<string, string> = {};
  for (const field of Object.keys(fields)) {
    if ((known.includes(field) || field in project.required) && !project.offScreen.includes(field)) continue;
    wrong[field] = `Field '${field}' cannot be set. It is not on the appropriate screen, or unknown.`;
  }
  for (const [field, name] of Object.entries(project.required)) {
    if (fields[field] === undefined) wrong[field] = `${name} is required.`;
  }
  const { name: type } = Object(issuetype);
  if (!issueTypes.includes(type)) wrong.issuetype = "The issue type selected is invalid.";
  if (typeof summary !== "string" || summary === "") wrong.summary = "You must specify a summary of the issue.";
  else if (summary.includes("\n")) wrong.summary = "The summary is invalid because it contains newline characters.";
  else if (summary.length > 255) wrong.summary = "Summary must be less than 255 characters.";
  const spaced = Array.isArray(labels) ? labels.find((label) => /\s/.test(String(label))) : undefined;
  if (spaced !== undefined) wrong.labels = `The label '${spaced}' contains spaces which is invalid.`;
  if (duedate !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(String(duedate)))
    wrong.duedate = `Error parsing date string: ${duedate}`;
  const text = wrongText(kind, description);
  if (text !== undefined) wrong.description = text;
  return wrong;
}

/** What Jira says of a description or a comment. */
export function wrongText(kind: Kind, text: unknown): string | undefined {
  if (kind === "server") {
    if (typeof text !== "string") return "Operation value must be a string";
    return text.length > 32_767
      ? "The entered text is too long. It exceeds the allowed limit of 32,767 characters."
      : undefined;
  }
  const wrong = wrongInDocument(text);
  if (wrong.length > 0) return `Operation value must be an Atlassian Document (${wrong.join("; ")})`;
  return JSON.stringify(text).length > 32_767 ? "CONTENT_LIMIT_EXCEEDED" : undefined;
}

export const workflowOf = ({ workflow }: FakeProject): FakeWorkflow => workflows[workflow];

export function statusOf(project: FakeProject, name: string) {
  const category: Category = workflowOf(project).statuses[name] ?? "new";
  return { id: name, name, statusCategory: { id: 1, key: category, name: category } };
}

export const transitionsOf = (project: FakeProject, status: string): readonly FakeTransition[] =>
  project.mayTransition ? workflowOf(project).transitions.filter(({ from }) => from.includes(status)) : [];

export const formatTransition = (project: FakeProject, { id, name, to, fields = {} }: FakeTransition) => ({
  ...{ id, name, to: statusOf(project, to), hasScreen: Object.keys(fields).length > 0 },
  fields: Object.fromEntries(
    Object.entries(fields).map(([key, { allowedValues, hasDefaultValue = false, ...field }]) => [
      key,
      {
        ...{ ...field, key, hasDefaultValue, operations: ["set"] },
        ...(allowedValues === undefined ? {} : { allowedValues: allowedValues.map((value) => ({ name: value })) }),
      },
    ]),
  ),
});
