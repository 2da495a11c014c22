import { test } from "tap";
import { call } from "../../lib/aws/call.ts";
import { wasAnswered } from "../../lib/aws/was-answered.ts";

const { signal } = new AbortController();
const status = (httpStatusCode?: number) => Object.assign(new Error("words"), { $metadata: { httpStatusCode } });

const cases = [
  { name: "a denial", thrown: status(403), want: true },
  { name: "a server's failure", thrown: status(500), want: true },
  { name: "a connection that was cut", thrown: Object.assign(new Error("cut"), { code: "ECONNRESET" }), want: false },
  { name: "no answer in time", thrown: Object.assign(status(), { name: "TimeoutError" }), want: false },
  { name: "an answer that breaks off, of a call that went well", thrown: status(200), want: false },
];

for (const { name, thrown, want } of cases) {
  test(`${name} is ${want ? "AWS's answer" : "no answer"}`, async (t) => {
    const failure = await call("iam:Some", signal, () => Promise.reject(thrown)).catch((error: unknown) => error);
    t.equal(failure instanceof Error && wasAnswered(failure), want);
  });
}
