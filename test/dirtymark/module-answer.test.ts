import { test } from "tap";
import { parseAnswer } from "../../lib/dirtymark/module-answer.ts";

const nothing = { drop: false, level: undefined, annotate: {} };
const sixteen = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`n${index}`, "x"]));

const answers = [
  { said: undefined, want: nothing },
  { said: {}, want: nothing },
  { said: { drop: true }, want: { ...nothing, drop: true } },
  { said: { drop: undefined, level: undefined, annotate: undefined }, want: nothing },
  { said: { level: "low" }, want: { ...nothing, level: "low" } },
  { said: { annotate: { a_1: "x".repeat(256) } }, want: { ...nothing, annotate: { a_1: "x".repeat(256) } } },
  { said: { annotate: sixteen }, want: { ...nothing, annotate: sixteen } },
];

for (const { said, want } of answers) {
  test(`${JSON.stringify(said)?.slice(0, 60)} is understood`, async (t) =>
    t.strictSame(parseAnswer(said), { ok: true, answer: want }));
}

const notes = /^its "annotate" is no map/;

const wrong = [
  { said: null, says: "its answer is no object" },
  { said: true, says: "its answer is no object" },
  { said: ["drop"], says: "its answer is no object" },
  { said: { dropped: true }, says: 'its answer has "dropped", which is none of drop, level, annotate' },
  { said: { drop: "yes" }, says: 'its "drop" is not true or false' },
  { said: { drop: null }, says: 'its "drop" is not true or false' },
  { said: { level: "grave" }, says: 'its "level" is none of low, medium, high, critical' },
  { said: { level: null }, says: 'its "level" is none of low, medium, high, critical' },
  { said: { annotate: "x" }, says: notes },
  { said: { annotate: { a: 7 } }, says: notes },
  { said: { annotate: { "a-b": "x" } }, says: notes },
  { said: { annotate: { a: "x".repeat(257) } }, says: notes },
  { said: { annotate: { ...sixteen, more: "x" } }, says: notes },
  { said: JSON.parse('{"__proto__":{"drop":true}}'), says: /^its answer has "__proto__"/ },
];

for (const { said, says } of wrong) {
  test(`${JSON.stringify(said).slice(0, 60)} is not understood`, async (t) =>
    t.match(parseAnswer(said), { ok: false, says }));
}

test("what is inherited is not said", async (t) =>
  t.strictSame(parseAnswer(Object.create({ drop: true })), { ok: true, answer: nothing }));
