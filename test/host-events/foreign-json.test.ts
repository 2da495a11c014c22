import fc from "fast-check";
import { test } from "tap";
import {
  asRecord,
  memberOf,
  parseJson,
  quoteForeign,
  recordOf,
  tameText,
  textOf,
} from "../../lib/host-events/foreign-json.ts";
import { anyCharacter } from "../support/any-character.ts";
import { hostileTexts } from "../support/hostile-texts.ts";

const record = asRecord(JSON.parse('{"a":"x","b":{"c":1},"l":[],"n":null,"__proto__":{"polluted":"yes"}}'));

test("only an object is a record", async (t) => {
  for (const value of [null, undefined, [], "x", 1, true]) t.equal(asRecord(value), undefined, JSON.stringify(value));
  t.strictSame(asRecord({ a: 1 }), { a: 1 });
});

test("a member is the record's own", async (t) => {
  t.equal(textOf(record, "a"), "x");
  t.strictSame(recordOf(record, "b"), { c: 1 });
  t.strictSame(memberOf(record, "__proto__"), { polluted: "yes" });
  t.equal(memberOf(record, "constructor"), undefined);
  t.equal(memberOf(record, "polluted"), undefined);
  t.equal(memberOf({}, "__proto__"), undefined);
  t.equal(memberOf(undefined, "a"), undefined);
  t.equal(textOf(record, "b"), undefined);
  t.equal(recordOf(record, "l"), undefined);
  t.equal(recordOf(record, "n"), undefined);
});

test("what is not JSON is nothing", async (t) => {
  for (const text of ["", "{", "nothing", "{'a':1}", "[1,]"]) t.equal(parseJson(text), undefined, text);
  t.strictSame(parseJson('{"a":1,"a":2}'), { a: 2 }, "the last of two members counts");
});

const tamed = [
  { name: "a plain name stays", text: "ada", longest: 3, want: "ada" },
  { name: "one letter too many is cut", text: "adab", longest: 3, want: "ada" },
  { name: "letters beyond the first plane are whole", text: "😀😀😀😀", longest: 3, want: "😀😀😀" },
  { name: "lines are one", text: "a\nb\r\nc\u2028d\u2029e", longest: 50, want: "a�b��c�d�e" },
  { name: "a terminal is not steered", text: "\u001b[31mred\u0007\u009b", longest: 50, want: "�[31mred��" },
  { name: "directions are not turned", text: "a\u202egnp\u2067", longest: 50, want: "a�gnp�" },
  { name: "half a surrogate pair is none", text: "a\ud800b", longest: 50, want: "a�b" },
  { name: "space around goes", text: "  a b ", longest: 50, want: "a b" },
  { name: "blank is nothing", text: "   ", longest: 50, want: undefined },
  { name: "nothing is nothing", text: undefined, longest: 50, want: undefined },
];

for (const { name, text, longest, want } of tamed) {
  test(name, async (t) => t.equal(tameText(text, longest), want));
}

const unruly = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

test("no text travels untamed", async (t) => {
  for (const text of hostileTexts) t.notMatch(tameText(text, 64) ?? "", unruly);
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), fc.nat(80), (text, longest) => {
      const tame = tameText(text, longest) ?? "";
      return !unruly.test(tame) && [...tame].length <= longest;
    }),
  );
});

test("what is quoted is short and tame", async (t) => {
  t.equal(quoteForeign("a\u001bb"), '"a�b"');
  t.equal(quoteForeign("x".repeat(100)), `"${"x".repeat(60)}"`);
  t.equal(quoteForeign(""), '""');
  t.equal(quoteForeign({ toString: () => "evil" }), "no text");
});
