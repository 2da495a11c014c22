import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Test, test } from "tap";
import { minutes, seconds } from "../../lib/core/time.ts";
import { openSnsCertificates } from "../../lib/dirtymark/sns-certificates.ts";
import { certificate, signEnvelope } from "../support/sns-messages.ts";

type Answer = (response: ServerResponse) => void;

const answerCertificate: Answer = (response) => response.end(certificate);

/** A server in SNS's place; what it answers can be changed. */
async function startSns(t: Test, { timeout = seconds(30) } = {}) {
  const asked: string[] = [];
  const sns = { answer: answerCertificate, now: 0, stop: new AbortController(), asked };
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    sns.answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  // It listens, so it has an address.
  const { port } = server.address() as AddressInfo;
  const certificates = openSnsCertificates({
    clock: () => sns.now,
    ...{ stop: sns.stop.signal, timeout },
    fetchCertificate: (url, options) => fetch(`http://127.0.0.1:${port}${new URL(url).pathname}`, options),
  });
  return { sns, certificates };
}

const urlOf = (letter: string) =>
  `https://sns.us-west-2.amazonaws.com/SimpleNotificationService-${letter.repeat(32)}.pem`;

test("a certificate is fetched once, also for messages that come together", async (t) => {
  const { sns, certificates } = await startSns(t);
  const [one, other] = await Promise.all([
    certificates.check(signEnvelope()),
    certificates.check(signEnvelope({ signatureVersion: "1" })),
  ]);
  t.strictSame([one, other], [{ is: "valid" }, { is: "valid" }]);
  sns.now = minutes(600);
  t.match(await certificates.check({ ...signEnvelope(), message: "x" }), { is: "invalid" });
  t.strictSame(sns.asked, ["/SimpleNotificationService-f3ecfb7224c7233fe7bb5f59f96de52f.pem"]);
});

const addresses = [
  { url: "https://sns.eu-central-2.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem", isSns: true },
  { url: "https://sns.us-gov-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem", isSns: true },
  { url: "https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-0123456789abcdef.pem", isSns: true },
  { url: "https://sns.eusc-de-east-1.amazonaws.eu/SimpleNotificationService-0123456789abcdef.pem", isSns: true },
  ...[
    "https://sns.eusc-de-east-1.amazonaws.eu.evil.example/SimpleNotificationService-0123456789abcdef.pem",
    "http://sns.us-west-2.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem",
    "https://sns.us-west-2.amazonaws.com.evil.example/SimpleNotificationService-0123456789abcdef.pem",
    "https://evil.example/sns.us-west-2.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem",
    "https://evil.example/?https://sns.us-west-2.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem",
    "https://sns.us-west-2.amazonaws.com@evil.example/SimpleNotificationService-0123456789abcdef.pem",
    "https://sns.us-west-2.amazonaws.com:444/SimpleNotificationService-0123456789abcdef.pem",
    "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem?x",
    "https://sns.us-west-2.amazonaws.com/x/../SimpleNotificationService-0123456789abcdef.pem",
    "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem\n",
    "https://sns.bucket.s3.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem",
    "https://sns.us-west-2.amazonaws.com/other.pem",
    "",
  ].map((url) => ({ url, isSns: false })),
];

for (const { url, isSns } of addresses) {
  test(`${JSON.stringify(url)} is ${isSns ? "a" : "no"} certificate of SNS`, async (t) => {
    const { sns, certificates } = await startSns(t);
    const evidence = await certificates.check(signEnvelope({ certificateUrl: url }));
    t.match(evidence, isSns ? { is: "valid" } : { is: "invalid", says: /is no certificate of SNS$/ });
    t.equal(sns.asked.length, isSns ? 1 : 0);
  });
}

const failures: readonly { readonly name: string; readonly answer: Answer; readonly says: RegExp }[] = [
  {
    name: "an error",
    answer: (response) => response.writeHead(503).end(),
    says: /^certificate https:\/\/sns\.us-west-2\.amazonaws\.com\/.*\.pem: HTTP 503$/,
  },
  {
    name: "somewhere else",
    answer: (response) =>
      response.req.url === "/elsewhere"
        ? response.end(certificate)
        : response.writeHead(302, { location: "/elsewhere" }).end(),
    says: /^certificate .*: fetch failed$/,
  },
  {
    name: "too much",
    answer: (response) => response.end("x".repeat(65_537)),
    says: /^certificate .*: longer than 65536 bytes$/,
  },
  {
    name: "a page in place of a certificate",
    answer: (response) => response.end("<html>"),
    says: /^certificate .*\.pem: .*PEM/i,
  },
  {
    name: "as much as is allowed, and no certificate",
    answer: (response) => response.end("x".repeat(65_536)),
    says: /^certificate .*\.pem: .*PEM/i,
  },
  {
    name: "a cut connection",
    answer: (response) => response.destroy(),
    says: /^certificate .*: fetch failed$/,
  },
];

for (const { name, answer, says } of failures) {
  test(`${name} is no evidence, and is not asked for again within a minute`, async (t) => {
    const { sns, certificates } = await startSns(t);
    sns.answer = answer;
    t.match(await certificates.check(signEnvelope()), { is: "unread", says });
    sns.answer = answerCertificate;
    sns.now = minutes(1) - 1;
    t.match(await certificates.check(signEnvelope()), { is: "unread", says });
    sns.now = minutes(1);
    t.match(await certificates.check(signEnvelope()), { is: "valid" });
    t.equal(sns.asked.length, 2);
  });
}

test("no answer in time is no evidence", async (t) => {
  const { sns, certificates } = await startSns(t, { timeout: 50 });
  sns.answer = () => undefined;
  t.match(await certificates.check(signEnvelope()), { is: "unread", says: /: no answer within 50 ms$/ });
});

test("the run's stop ends it", async (t) => {
  const { sns, certificates } = await startSns(t);
  sns.answer = () => sns.stop.abort(new Error("the deadline"));
  await t.rejects(certificates.check(signEnvelope()), { message: "the deadline" });
  await t.rejects(certificates.check(signEnvelope({ certificateUrl: urlOf("b") })), { message: "the deadline" });
  t.equal(sns.asked.length, 1);
});

test("made-up addresses do not fill the memory", async (t) => {
  const { sns, certificates } = await startSns(t);
  const check = (index: number) =>
    certificates.check(
      signEnvelope({
        certificateUrl: `https://sns.us-west-2.amazonaws.com/SimpleNotificationService-${String(index).padStart(16, "0")}.pem`,
      }),
    );
  for (let index = 0; index <= 64; index += 1) await check(index);
  t.equal(sns.asked.length, 65);
  await check(64);
  t.equal(sns.asked.length, 65, "the last is kept");
  await check(0);
  t.equal(sns.asked.length, 66, "the first is not");
});
