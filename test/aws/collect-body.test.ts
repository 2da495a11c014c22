import { PassThrough } from "node:stream";
import { test } from "tap";
import { collectBody } from "../../lib/aws/collect-body.ts";

test("a body that comes in pieces is one again", async (t) => {
  const body = new PassThrough();
  const collected = collectBody(body);
  for (const piece of ["<a>", "", "é".repeat(3)]) body.write(piece);
  body.end("</a>");
  t.equal(new TextDecoder().decode(await collected), "<a>ééé</a>");
});

test("an empty body is empty bytes", async (t) => {
  const body = new PassThrough();
  body.end();
  t.equal((await collectBody(body)).length, 0);
});

const cuts = [
  { name: "an error in mid-body is the error", cause: new Error("aborted"), want: "aborted" },
  { name: "a close in mid-body is an error", cause: undefined, want: "the connection closed before the answer's end" },
];

for (const { name, cause, want } of cuts) {
  test(name, async (t) => {
    const body = new PassThrough();
    const collected = collectBody(body);
    body.write("<a>");
    body.destroy(cause);
    await t.rejects(collected, { message: want });
  });
}
