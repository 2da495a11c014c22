import { test } from "tap";
import { allPages, nextMarker, type Page } from "../../lib/aws/read/pages.ts";

async function walk(pages: readonly Page<number>[]): Promise<number[]> {
  const items: number[] = [];
  let fetched = 0;
  for await (const page of allPages("iam:ListUsers", async () => pages[fetched++] ?? { items: [], next: undefined })) {
    items.push(...page);
  }
  return items;
}

test("short and empty pages do not end a listing", async (t) => {
  t.strictSame(
    await walk([
      { items: [1], next: "a" },
      { items: [], next: "b" },
      { items: [2, 3], next: undefined },
    ]),
    [1, 2, 3],
  );
});

test("a marker that repeats is an error, not a loop", async (t) => {
  await t.rejects(
    walk([
      { items: [1], next: "a" },
      { items: [2], next: "a" },
    ]),
    {
      message: 'iam:ListUsers: paging does not advance past marker "a"',
    },
  );
});

test("a marker counts only while the answer is truncated", async (t) => {
  t.equal(nextMarker("iam:ListUsers", { IsTruncated: true, Marker: "a" }), "a");
  t.equal(nextMarker("iam:ListUsers", { IsTruncated: false, Marker: "a" }), undefined);
  t.equal(nextMarker("iam:ListUsers", {}), undefined);
});

test("a truncated answer without a marker is an incomplete listing", async (t) => {
  const broken = { message: "iam:ListUsers: the answer is truncated and names no marker" };
  t.throws(() => nextMarker("iam:ListUsers", { IsTruncated: true }), broken);
  t.throws(() => nextMarker("iam:ListUsers", { IsTruncated: true, Marker: "" }), broken);
});
