export type Category = "new" | "indeterminate" | "done";

export interface ScreenField {
  readonly name: string;
  readonly required: boolean;
  readonly hasDefaultValue?: boolean;
  readonly allowedValues?: readonly string[];
}

export interface FakeTransition {
  readonly id: string;
  readonly name: string;
  readonly from: readonly string[];
  readonly to: string;
  readonly fields?: Readonly<Record<string, ScreenField>>;
}

export interface FakeWorkflow {
  /** The first is a new issue's. */
  readonly statuses: Readonly<Record<string, Category>>;
  readonly transitions: readonly FakeTransition[];
}

const resolution: ScreenField = {
  name: "Resolution",
  required: true,
  allowedValues: ["Won't Fix", "Done", "Duplicate"],
};
const rootCause: ScreenField = { name: "Root cause", required: true };

export const workflows = {
  /** Every status from every other, as team-managed projects have it. */
  simple: {
    statuses: { "To Do": "new", "In Progress": "indeterminate", Done: "done" },
    transitions: [
      { id: "11", name: "To Do", from: ["To Do", "In Progress", "Done"], to: "To Do" },
      { id: "21", name: "In Progress", from: ["To Do", "In Progress", "Done"], to: "In Progress" },
      { id: "31", name: "Done", from: ["To Do", "In Progress", "Done"], to: "Done" },
    ],
  },
  /** Jira's own of old: a resolution is asked for. */
  classic: {
    statuses: { Open: "new", "In Progress": "indeterminate", Resolved: "done", Closed: "done", Reopened: "new" },
    transitions: [
      { id: "4", name: "Start Progress", from: ["Open", "Reopened"], to: "In Progress" },
      {
        id: "5",
        name: "Resolve Issue",
        from: ["Open", "In Progress", "Reopened"],
        to: "Resolved",
        fields: { resolution },
      },
      { id: "3", name: "Reopen Issue", from: ["Resolved", "Closed"], to: "Reopened" },
    ],
  },
  manyEnds: {
    statuses: { Backlog: "new", "Won't Do": "done", Done: "done" },
    transitions: [
      { id: "1", name: "Reject", from: ["Backlog"], to: "Won't Do" },
      { id: "2", name: "Finish", from: ["Backlog"], to: "Done" },
      { id: "3", name: "Back", from: ["Won't Do", "Done"], to: "Backlog" },
    ],
  },
  /** Done and back only for those who are not us. */
  noWayToDone: {
    statuses: { Open: "new", Review: "indeterminate", Done: "done" },
    transitions: [{ id: "7", name: "To review", from: ["Open"], to: "Review" }],
  },
  asksForMore: {
    statuses: { Open: "new", Done: "done" },
    transitions: [{ id: "9", name: "Finish", from: ["Open"], to: "Done", fields: { customfield_10020: rootCause } }],
  },
} as const satisfies Readonly<Record<string, FakeWorkflow>>;
