import fc from "fast-check";
import { test } from "tap";
import { answers, issueFields, labelQuery, readAnswer } from "../../lib/notify/jira-issue.ts";
import { anyCharacter } from "../support/any-character.ts";

const setting = { projectKey: "OPS", issueType: "Story", label: "AWS-User-Key-Rotation" };
const ticket = { label: "key-1", message: { subject: "Rotate\nit", parts: [] }, dueAt: undefined };
const plain = {
  ...{ project: { key: "OPS" }, issuetype: { name: "Story" }, summary: "Rotate it", description: "text" },
  labels: ["AWS-User-Key-Rotation", "key-1"],
};

test("a new issue has its project, type, summary, text and both labels", async (t) =>
  t.strictSame(issueFields(ticket, "text", setting), plain));

test("its due date is the day in UTC", async (t) => {
  const lastMoment = Date.UTC(2026, 2, 2) - 1;
  t.strictSame(issueFields({ ...ticket, dueAt: lastMoment }, "text", setting), { ...plain, duedate: "2026-03-01" });
  t.match(issueFields({ ...ticket, dueAt: lastMoment + 1 }, "text", setting), { duedate: "2026-03-02" });
});

test("one label stands once", async (t) =>
  t.strictSame(issueFields({ ...ticket, label: setting.label }, "text", setting).labels, [setting.label]));

test("a search names project and label, oldest first", async (t) =>
  t.equal(labelQuery("OPS", "key-1"), 'project = "OPS" AND labels = "key-1" ORDER BY created ASC'));

test("a value of a search can't become a part of it", async (t) =>
  t.equal(
    labelQuery("OPS", 'x" OR project = "HR\\'),
    String.raw`project = "OPS" AND labels = "x\" OR project = \"HR\\" ORDER BY created ASC`,
  ));

test("whatever a label holds, the search is for it and nothing else", async () =>
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), (label) => {
      const query = labelQuery("OPS", label);
      const quoted = /^project = "OPS" AND labels = "((?:[^"\\]|\\["\\])*)" ORDER BY created ASC$/su.exec(query)?.[1];
      return quoted?.replace(/\\(.)/gs, "$1") === label.replace(/\p{Cc}/gu, "");
    }),
  ));

const status = (key: string) => ({ name: "Any", statusCategory: { key, id: 4 }, self: "x" });

const issues = [
  { name: "a done category is done", fields: { status: status("done"), labels: ["a"] }, isDone: true, labels: ["a"] },
  { name: "one in the middle is open", fields: { status: status("indeterminate") }, isDone: false, labels: [] },
  { name: "a new one is open", fields: { status: status("new") }, isDone: false, labels: [] },
  { name: "one of no category is open", fields: { status: status("undefined") }, isDone: false, labels: [] },
] as const;

for (const { name, fields, ...want } of issues) {
  test(name, async (t) =>
    t.strictSame(readAnswer(answers.issue, { id: "1", key: "OPS-1", fields }), {
      key: "OPS-1",
      status: "Any",
      ...want,
    }),
  );
}

test("transitions are read with the fields of their screens", async (t) => {
  const allowedValues = [{ id: "1", name: "Done" }, { value: "an option of another kind" }];
  const resolution = { required: true, hasDefaultValue: true, name: "Resolution", allowedValues };
  const answer = {
    transitions: [
      { id: "1", name: "Close", to: status("done"), fields: { resolution, comment: {} } },
      { id: "2", name: "Open", to: status("new") },
    ],
  };
  t.strictSame(readAnswer(answers.transitions, answer), [
    {
      ...{ id: "1", name: "Close", toStatus: "Any", toCategory: "done" },
      fields: [
        { key: "resolution", name: "Resolution", isRequired: true, hasDefault: true, allowed: ["Done"] },
        { key: "comment", name: "", isRequired: false, hasDefault: false, allowed: [] },
      ],
    },
    { id: "2", name: "Open", toStatus: "Any", toCategory: "new", fields: [] },
  ]);
});

const foreign = [
  { name: "a page of a proxy", answer: "<html>", says: "the answer is not Jira's" },
  { name: "nothing", answer: undefined, says: "the answer is not Jira's" },
  { name: "another one's JSON", answer: { ok: true }, says: "the answer is not Jira's: no key as it should be" },
  {
    name: "an issue of no status",
    answer: { key: "OPS-1", fields: { status: { name: "Any" } } },
    says: "the answer is not Jira's: no fields.status.statusCategory as it should be",
  },
] as const;

for (const { name, answer, says } of foreign) {
  test(`${name} is no issue`, async (t) => {
    t.throws(() => readAnswer(answers.issue, answer), { code: "other", message: says, mayBeDone: false });
  });
}

test("a change that was answered so may have been made", async (t) =>
  t.throws(() => readAnswer(answers.created, "<html>", true), {
    message: "the answer is not Jira's",
    mayBeDone: true,
  }));
