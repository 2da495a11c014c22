import { test } from "tap";
import type { Claim } from "../../lib/dirtymark/believe.ts";
import { believeMessage } from "../../lib/dirtymark/believe-message.ts";
import { parseMessage } from "../../lib/host-events/parse-message.ts";
import { readMessage, sentAt } from "../support/host-messages.ts";

function claimOf(file: string, queue: Claim["queue"]): Claim {
  const statement = parseMessage(readMessage(file), { sentAt, maxBytes: 10_000 });
  if (statement.is !== "events") throw new Error(`${file} is ${statement.is}`);
  const known = { accounts: [], regions: [], topics: ["*:MyTopic"] };
  const senderId = queue === "hosts" ? "AROAJ52OTH4H7LEXAMPLE:i-1234567890abcdef0" : "AIDAEXAMPLE";
  return { queue, statement, known, senderId };
}

function openEvidence() {
  const asked: string[] = [];
  const evidence = {
    async findRole(accountId: string, roleId: string, at: number) {
      asked.push(`${accountId} ${roleId} ${at - sentAt}`);
      return { is: "found", onlyEc2: true } as const;
    },
    async checkSignature({ messageId }: { readonly messageId: string }) {
      asked.push(messageId);
      return { is: "invalid", says: "why" } as const;
    },
  };
  return { asked, evidence };
}

const cases = [
  {
    name: "a host's role is asked for once",
    claim: claimOf("consumer-names", "hosts"),
    want: { is: "verified" },
    asks: ["123456789012 AROAJ52OTH4H7LEXAMPLE 0"],
  },
  {
    name: "a notification's signature is asked for once",
    claim: claimOf("sns-notification", "forwarders"),
    want: { is: "refused", reason: "forged", says: "why" },
    asks: ["22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324"],
  },
  {
    name: "an event of AWS needs nothing",
    claim: claimOf("start-session", "forwarders"),
    want: { is: "verified" },
    asks: [],
  },
];

for (const { name, claim, want, asks } of cases) {
  test(name, async (t) => {
    const { asked, evidence } = openEvidence();
    t.strictSame(await believeMessage(claim, evidence), want);
    t.strictSame(asked, asks);
  });
}
