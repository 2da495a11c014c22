import { test } from "tap";
import { haveKey, haveUser, subjectOf } from "../../lib/keycheck/key-subjects.ts";

test("a subject tells keys with equal last five apart, and one user's from another's", async (t) => {
  const ids = ["AKIAAAAAAAAAAAASAME5", "AKIABBBBBBBBBBBSAME5"];
  const subjects = ["ada", "ada-", "ad"].flatMap((user) => ids.map((id) => subjectOf(user, { id })));
  t.equal(new Set(subjects).size, 6);
  t.match(subjectOf("ada", { id: ids[0] ?? "" }), /^ada\/SAME5-[0-9a-f]{8}$/);
});

test("a subject is told to be a key's, whatever its user is called, and a user's", async (t) => {
  const [id, other] = ["AKIAAAAAAAAAAAASAME5", "AKIABBBBBBBBBBBSAME5"] as const;
  const subjects = new Set([subjectOf("ada", { id })]);
  t.ok(haveKey(subjects, { id }));
  t.notOk(haveKey(subjects, { id: other }));
  t.notOk(haveKey(new Set(), { id }));
  t.strictSame(
    ["ada", "ad", "adam", ""].map((user) => haveUser(subjects, user)),
    [true, false, false, false],
  );
});
