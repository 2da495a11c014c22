import { test } from "tap";
import { formatMissing, trackCoverage, wholeCoverage } from "../../lib/core/coverage.ts";

const missing = (what: string, subjects = false) =>
  ({ what, code: "denied", reason: "access denied", subjects }) as const;

test("nothing missing says nothing", async (t) => {
  t.equal(formatMissing(trackCoverage().coverage()), undefined);
  t.strictSame(trackCoverage().coverage(), wholeCoverage);
});

test("one thing missing is named with its reason", async (t) => {
  const notes = trackCoverage();
  notes.note(missing('access keys of user "ada"'));
  t.equal(formatMissing(notes.coverage()), 'access keys of user "ada": access denied');
});

test("of many the first is named, the rest counted, and few are kept", async (t) => {
  const notes = trackCoverage();
  for (let user = 0; user < 5000; user += 1) notes.note(missing(`user ${user}`));
  const coverage = notes.coverage();
  t.equal(formatMissing(coverage), "user 0: access denied (and 4999 more)");
  t.equal(coverage.missingTotal, 5000);
  t.equal(coverage.missing.length, 20);
});

test("a listing that broke off is named before the users it had brought", async (t) => {
  const notes = trackCoverage();
  notes.note(missing("user 1"));
  notes.noteFirst(missing("users after the first 1000", true));
  t.equal(formatMissing(notes.coverage()), "users after the first 1000: access denied (and 1 more)");
});

test("subjects that are missing are told from facts that are", async (t) => {
  const notes = trackCoverage();
  notes.note(missing("credential report"));
  t.equal(notes.coverage().subjectsMissing, false);
  notes.note(missing("user 1", true));
  t.equal(notes.coverage().subjectsMissing, true);
});
