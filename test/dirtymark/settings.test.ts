import { test } from "tap";
import { hours, minutes, seconds } from "../../lib/core/time.ts";
import { dirtymarkSettings } from "../../lib/dirtymark/settings.ts";
import { loadSettings } from "../../lib/settings/load-settings.ts";
import { runSettings } from "../../lib/settings/run-settings.ts";

const load = (...argv: readonly string[]) =>
  loadSettings({
    ...{ program: "dirtymark", says: "", examples: [], argv, environment: {} },
    ...{ declarations: [runSettings, dirtymarkSettings], readFile: async () => "" },
  });

test("unless said otherwise the original's queue is drained, and nothing is tagged", async (t) => {
  t.match(await load(), {
    program: {
      ...{ queue: "skunky", senders: "hosts", follow: false, tag: undefined, tagUnverified: false, markRole: "Skunky" },
      ...{ knownAccounts: [], regions: [], topics: [], guardDuty: false, automationPrincipals: [], filters: [] },
      ...{ maxReceives: 5, maxBytes: 262_144, visibility: minutes(2), receivers: 10, window: 1000 },
      ...{ filterModules: [], auditors: [] },
    },
  });
});

const taken = [
  { name: "a queue of 80 letters", argv: ["--queue", "q".repeat(80)], want: { queue: "q".repeat(80) } },
  { name: "a FIFO queue of 80 letters", argv: ["--queue", `${"q".repeat(75)}.fifo`], want: {} },
  { name: "a queue's URL", argv: ["--queue", "https://sqs.eu-west-1.amazonaws.com/111122223333/q"], want: {} },
  { name: "a URL of an endpoint", argv: ["--queue", "http://127.0.0.1:9324/111122223333/q.fifo"], want: {} },
  { name: "a topic", argv: ["--topics", "arn:aws-cn:sns:cn-north-1:111122223333:t.fifo"], want: {} },
  { name: "half a minute", argv: ["--visibility", "30s"], want: { visibility: seconds(30) } },
  { name: "half a day", argv: ["--visibility", "12h"], want: { visibility: hours(12) } },
  {
    name: "the least of all",
    argv: ["--window=10", "--receivers=1", "--max-receives=1", "--max-bytes=1024"],
    want: {},
  },
  {
    name: "the most of all",
    argv: ["--window=10000", "--receivers=100", "--max-receives=1000", "--max-bytes=1048576"],
    want: { window: 10_000, receivers: 100, maxReceives: 1000, maxBytes: 1_048_576 },
  },
  { name: "a tag", argv: ["--tag", "dirty=skunked"], want: { tag: { key: "dirty", value: "skunked" } } },
] as const;

for (const { name, argv, want } of taken)
  test(`taken: ${name}`, async (t) => t.match(await load(...argv), { kind: "settings", program: want }));

const refused = [
  { name: "a queue of 81 letters", argv: ["--queue", "q".repeat(81)], want: /name of a queue, or its URL/ },
  { name: "a FIFO queue of 81 letters", argv: ["--queue", `${"q".repeat(76)}.fifo`], want: /name of a queue/ },
  {
    name: "a URL without an account",
    argv: ["--queue", "https://sqs.eu-west-1.amazonaws.com/q"],
    want: /name of a queue/,
  },
  { name: "a topic's bare name", argv: ["--topics", "alarms"], want: /ARN of an SNS topic/ },
  { name: "a sender of neither kind", argv: ["--senders", "people"], want: /hosts.*forwarders/ },
  { name: "a tag without a value", argv: ["--tag", "dirty"], want: /a tag key=value/ },
  { name: "less than half a minute", argv: ["--visibility", "29s"], want: /visibility/ },
  { name: "more than half a day", argv: ["--visibility", "43201s"], want: /visibility/ },
  { name: "a smaller window than a batch", argv: ["--window", "9"], want: /window/ },
  { name: "a wider one than is kept in mind", argv: ["--window", "10001"], want: /window/ },
  { name: "no receiver", argv: ["--receivers", "0"], want: /receivers/ },
  { name: "no delivery", argv: ["--max-receives", "0"], want: /max-receives/ },
  { name: "messages of less than a kilobyte", argv: ["--max-bytes", "1023"], want: /max-bytes/ },
] as const;

for (const { name, argv, want } of refused)
  test(`refused: ${name}`, async (t) => t.match(await load(...argv), { kind: "problems", problems: [want] }));
