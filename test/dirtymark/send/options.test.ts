import { test } from "tap";
import { seconds } from "../../../lib/core/time.ts";
import { readOptions, usage } from "../../../lib/dirtymark/send/options.ts";

const defaults = { queue: "skunky", owner: undefined, region: undefined, event: undefined, timeout: seconds(5) };
const url = "https://sqs.eu-west-1.amazonaws.com/111122223333/hosts";

const accepted = [
  { name: "nothing", given: {}, want: defaults },
  { name: "a name", given: { queue: "hosts_2" }, want: { ...defaults, queue: "hosts_2" } },
  { name: "the longest name", given: { queue: "q".repeat(80) }, want: { ...defaults, queue: "q".repeat(80) } },
  { name: "a FIFO queue", given: { queue: "hosts.fifo" }, want: { ...defaults, queue: "hosts.fifo" } },
  { name: "a URL", given: { queue: url }, want: { ...defaults, queue: url } },
  {
    name: "a URL on the loopback",
    given: { queue: "http://[::1]:1/1/q" },
    want: { ...defaults, queue: "http://[::1]:1/1/q" },
  },
  {
    name: "a name of another account and region",
    given: { queue: "hosts", "queue-account": "111122223333", region: "us-gov-west-1" },
    want: { ...defaults, queue: "hosts", owner: "111122223333", region: "us-gov-west-1" },
  },
  { name: "an event", given: { event: "a".repeat(64) }, want: { ...defaults, event: "a".repeat(64) } },
  { name: "the shortest time", given: { timeout: "100ms" }, want: { ...defaults, timeout: 100 } },
  { name: "the longest time", given: { timeout: "60s" }, want: { ...defaults, timeout: seconds(60) } },
];

test("options are taken:", async (t) => {
  for (const { name, given, want } of accepted) t.same(readOptions(given), { ok: true, options: want }, name);
});

const refused = [
  { name: "a name with a character that none has", given: { queue: "a b" }, says: /^--queue "a b" is neither/ },
  { name: "a name that is too long", given: { queue: "q".repeat(81) }, says: /^--queue .* is neither/ },
  { name: "no name", given: { queue: "" }, says: /^--queue "" is neither/ },
  { name: "a URL without a path", given: { queue: "https://sqs.eu-west-1.amazonaws.com" }, says: /is no queue's URL$/ },
  { name: "a URL that is none", given: { queue: "http://" }, says: /is no queue's URL$/ },
  { name: "a URL in capitals", given: { queue: url.replace("https", "HTTPS") }, says: /^--queue .* is neither/ },
  { name: "a URL without slashes", given: { queue: url.replace("//", "") }, says: /^--queue .* is neither/ },
  { name: "a URL with a query", given: { queue: `${url}?x` }, says: /is no queue's URL$/ },
  { name: "a URL with a fragment", given: { queue: `${url}#x` }, says: /is no queue's URL$/ },
  { name: "a URL with a password", given: { queue: "http://u:p@host/1/q" }, says: /is no queue's URL$/ },
  {
    name: "a URL and an account",
    given: { queue: url, "queue-account": "111122223333" },
    says: /^--queue-account: the URL/,
  },
  {
    name: "an account that is none",
    given: { "queue-account": "1111" },
    says: /^--queue-account "1111" is no account id$/,
  },
  {
    name: "an account with a digit too many",
    given: { "queue-account": "1111222233334" },
    says: /is no account id$/,
  },
  { name: "a region that is none", given: { region: "us-east-1.evil.example" }, says: /^--region .* is no region$/ },
  { name: "an event that no filter could name", given: { event: "a b" }, says: /^--event "a b" is no name/ },
  { name: "an event that is too long", given: { event: "a".repeat(65) }, says: /^--event/ },
  { name: "too short a time", given: { timeout: "99ms" }, says: /^--timeout "99ms" is no length from 100ms to 1m/ },
  { name: "too long a time", given: { timeout: "61s" }, says: /^--timeout "61s"/ },
  { name: "no time", given: { timeout: "soon" }, says: /^--timeout "soon"/ },
];

test("options are refused:", async (t) => {
  for (const { name, given, says } of refused) {
    const read = readOptions(given);
    t.match(read, { ok: false, problems: [says] }, name);
    t.equal(read.ok ? 0 : read.problems.length, 1, name);
  }
});

test("all that is wrong is said at once", async (t) => {
  const read = readOptions({ queue: "a b", "queue-account": "1", region: "x", event: "", timeout: "0s" });
  t.equal(read.ok ? 0 : read.problems.length, 5);
});

test("the usage names every option", async (t) => {
  for (const name of ["queue", "queue-account", "region", "event", "timeout", "foreground", "strict", "syslog", "help"])
    t.match(usage, new RegExp(`^  --${name}\\b`, "m"));
});
