import { test } from "tap";
import {
  cleanMeasurement,
  cleanName,
  escapeKey,
  escapeMeasurement,
  escapeTagValue,
  quoteString,
} from "../../lib/line-protocol/escape.ts";

const names = [
  { name: "plain text stays", text: "user.name-1@example.com", want: "user.name-1@example.com" },
  { name: "letters of any alphabet stay", text: "zoë 東京 😀", want: "zoë 東京 😀" },
  { name: "line breaks and other controls go", text: "a\r\n\t\u0000\u001b\u007fb", want: "ab" },
  {
    name: "the last control before the space and the first after the tilde",
    text: "\u001f ~\u007f\u0080",
    want: " ~\u0080",
  },
  { name: "a lone high surrogate is replaced", text: "a\ud800b", want: "a\ufffdb" },
  { name: "a lone low surrogate is replaced", text: "\udc00", want: "\ufffd" },
  { name: "a backslash before a letter stays", text: "DOMAIN\\user", want: "DOMAIN\\user" },
  { name: "two backslashes before a letter stay", text: "a\\\\b", want: "a\\\\b" },
  { name: "a backslash at the end goes", text: "a\\", want: "a" },
  { name: "all backslashes at the end go", text: "a\\b\\\\\\", want: "a\\b" },
  { name: "a backslash that becomes the last only when a control went", text: "a\\\n", want: "a" },
  { name: "a backslash before a comma goes", text: "a\\,b", want: "a,b" },
  { name: "a run of backslashes before an equals sign goes", text: "a\\\\=b", want: "a=b" },
  { name: "a backslash before a space goes", text: "a\\ b", want: "a b" },
  { name: "a backslash before a quote goes", text: 'a\\"b', want: 'a"b' },
  { name: "nothing but backslashes leaves nothing", text: "\\\\", want: "" },
] as const;

for (const { name, text, want } of names) test(`name: ${name}`, async (t) => t.equal(cleanName(text), want));

const measurements = [
  { name: "a number sign at the start would begin a comment", text: "#cpu", want: "cpu" },
  { name: "so would one that a control hid", text: "\u0001##cpu", want: "cpu" },
  { name: "a number sign further on stays", text: "cpu#1", want: "cpu#1" },
  { name: "number signs alone leave nothing", text: "##", want: "" },
] as const;

for (const { name, text, want } of measurements)
  test(`measurement: ${name}`, async (t) => t.equal(cleanMeasurement(text), want));

test("an equals sign is escaped in keys, not in measurements", async (t) => {
  t.equal(escapeMeasurement("a b,c=d"), "a\\ b\\,c=d");
  t.equal(escapeKey("a b,c=d"), "a\\ b\\,c\\=d");
});

const tagValues = [
  { name: "plain text is itself", text: "eu-west-1", want: "eu-west-1" },
  { name: "an empty value stays empty", text: "", want: "" },
  { name: "a value of controls becomes empty", text: "\n\u0000", want: "" },
  { name: "separators are escaped", text: "a=1, b", want: "a\\=1\\,\\ b" },
  { name: "a forged tag stays inside the value", text: "x\\,admin=true", want: "x\\,admin\\=true" },
  { name: "a forged line stays inside the value", text: "x f=1\ny f=2", want: "x\\ f\\=1y\\ f\\=2" },
] as const;

for (const { name, text, want } of tagValues)
  test(`tag value: ${name}`, async (t) => t.equal(escapeTagValue(text), want));

const strings = [
  { name: "plain text is quoted", text: "a b,c=d", want: '"a b,c=d"' },
  { name: "an empty string is two quotes", text: "", want: '""' },
  { name: "quotes and backslashes are escaped", text: 'a"\\', want: '"a\\"\\\\"' },
  { name: "a backslash-n of two characters stays two", text: "a\\n", want: '"a\\\\n"' },
  { name: "each line break is one space", text: "a\nb\rc\r\nd", want: '"a b c d"' },
  { name: "other controls go", text: "a\t\u0000\u007fb", want: '"ab"' },
  { name: "a lone surrogate is replaced", text: "\ud83d", want: '"\ufffd"' },
] as const;

for (const { name, text, want } of strings) test(`string: ${name}`, async (t) => t.equal(quoteString(text), want));

test("a long run of backslashes costs no more than its length", async (t) => {
  const run = "\\".repeat(200_000);
  t.equal(cleanName(`${run}x`).length, run.length + 1);
});
