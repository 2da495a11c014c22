import { test } from "tap";
import {
  type Choice,
  chooseTransition,
  type Transition,
  type TransitionField,
} from "../../lib/notify/jira-transition.ts";

const to = (toStatus: string, toCategory: string, ...fields: readonly TransitionField[]): Transition => ({
  ...{ id: toStatus, name: `To ${toStatus}`, toStatus, toCategory, fields },
});

const field = (key: string, changes: Partial<TransitionField> = {}): TransitionField => ({
  ...{ key, name: key, isRequired: true, hasDefault: false, allowed: [] },
  ...changes,
});

const step = (id: string, fields: Readonly<Record<string, { name: string }>> = {}): Choice => ({
  step: { id, fields },
});

interface Case {
  readonly name: string;
  readonly transitions: readonly Transition[];
  readonly towards: "done" | "open";
  readonly want: Choice;
}

const resolution = (...allowed: readonly string[]) => field("resolution", { name: "Resolution", allowed });

const cases: readonly Case[] = [
  {
    name: "done is a category, not a name",
    ...{ transitions: [to("In Progress", "indeterminate"), to("Shipped", "done")], towards: "done" },
    want: step("Shipped"),
  },
  {
    name: "Done goes before Won't Do, wherever it stands",
    ...{ transitions: [to("Won't Do", "done"), to("Closed", "done"), to("DONE", "done")], towards: "done" },
    want: step("DONE"),
  },
  {
    name: "among others the workflow's order counts",
    ...{ transitions: [to("Rejected", "done"), to("Shipped", "done")], towards: "done" },
    want: step("Rejected"),
  },
  {
    name: "a way that asks for what only people know is not taken",
    ...{ transitions: [to("Done", "done", field("customfield_1")), to("Shipped", "done")], towards: "done" },
    want: step("Shipped"),
  },
  {
    name: "what has a default is not asked for",
    ...{ transitions: [to("Done", "done", field("priority", { hasDefault: true }))], towards: "done" },
    want: step("Done"),
  },
  {
    name: "nor what may be left empty",
    ...{ transitions: [to("Done", "done", field("comment", { isRequired: false }))], towards: "done" },
    want: step("Done"),
  },
  {
    name: "a resolution is one that says done",
    ...{ transitions: [to("Closed", "done", resolution("Won't Fix", "Fixed", "Done"))], towards: "done" },
    want: step("Closed", { resolution: { name: "Fixed" } }),
  },
  {
    name: "else the first there is",
    ...{ transitions: [to("Closed", "done", resolution("Duplicate", "Obsolete"))], towards: "done" },
    want: step("Closed", { resolution: { name: "Duplicate" } }),
  },
  {
    name: "a resolution that offers nothing can't be given",
    ...{ transitions: [to("Closed", "done", resolution())], towards: "done" },
    want: {
      refusal: 'its workflow leads to done only with fields filled in: "To Closed" needs "Resolution" (resolution)',
    },
  },
  {
    name: "every field that is asked for is named, of every way",
    transitions: [
      to("Done", "done", field("customfield_1", { name: "Root cause" }), field("customfield_2")),
      to("Closed", "done", field("customfield_3", { name: "" })),
    ],
    towards: "done",
    want: {
      refusal:
        'its workflow leads to done only with fields filled in: "To Done" needs "Root cause" (customfield_1) and "customfield_2", "To Closed" needs "customfield_3"',
    },
  },
  {
    name: "no way to done is said with what there is",
    ...{ transitions: [to("In Progress", "indeterminate"), to("To Do", "new")], towards: "done" },
    want: {
      refusal:
        'its workflow offers this user no way to done (offers "To In Progress" to "In Progress", "To To Do" to "To Do")',
    },
  },
  {
    name: "open is a beginning before a middle",
    ...{ transitions: [to("Done", "done"), to("Doing", "indeterminate"), to("Reopened", "new")], towards: "open" },
    want: step("Reopened"),
  },
  {
    name: "a middle where there is no beginning",
    ...{ transitions: [to("Done", "done"), to("Doing", "indeterminate")], towards: "open" },
    want: step("Doing"),
  },
  {
    name: "opening gives no resolution",
    ...{ transitions: [to("Open", "new", resolution("Done"))], towards: "open" },
    want: step("Open"),
  },
  {
    name: "no way at all, which is what a user without the permission sees",
    ...{ transitions: [], towards: "open" },
    want: { refusal: "its workflow offers this user no way to an open status (offers nothing)" },
  },
];

for (const { name, transitions, towards, want } of cases) {
  test(name, async (t) => t.strictSame(chooseTransition(transitions, towards), want));
}
