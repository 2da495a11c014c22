import fc from "fast-check";
import { test } from "tap";
import { believe, type Claim, type RoleEvidence, type Statement } from "../../lib/dirtymark/believe.ts";
import type { HostEvent, SnsEnvelope } from "../../lib/host-events/event.ts";
import { anyCharacter } from "../support/any-character.ts";
import { signEnvelope } from "../support/sns-messages.ts";

const [accountId, region, instanceId] = ["111122223333", "eu-west-1", "i-0123456789abcdef0"];
const roleId = "AROAJ52OTH4H7LEXAMPLE";
const known = { accounts: [], regions: [], topics: [] };

const event: HostEvent = {
  ...{ accountId, region, instanceId, name: "ssh", source: "host", id: undefined, at: 0 },
  ...{ principal: "ada", address: undefined },
};
const host = (said: Partial<HostEvent> = {}, envelope?: SnsEnvelope): Statement => ({
  ...{ is: "events", events: [{ ...event, ...said }], origin: { by: "host", envelope } },
});
const bridged = (source = "aws.ssm", envelope?: SnsEnvelope): Statement => ({
  ...{ is: "events", events: [event], origin: { by: "eventbridge", source, envelope } },
});
const tunnel: Statement = {
  is: "tunnel",
  tunnel: { ...event, endpointId: "eice-0123456789abcdef0", privateAddress: "10.0.0.1" },
  origin: { by: "eventbridge", source: "aws.ec2-instance-connect", envelope: undefined },
};

const hosts = { queue: "hosts", senderId: `${roleId}:${instanceId}`, statement: host(), known } as const;
const forwarders = { queue: "forwarders", senderId: "AIDAEXAMPLE", statement: bridged(), known } as const;

const verified = { is: "verified" };
const doubtful = (says: string) => ({ is: "unverified", says });
const refused = (reason: string, says: string) => ({ is: "refused", reason, says });
const found = (onlyEc2: boolean): RoleEvidence => ({ is: "found", onlyEc2 });
const unread = (isPassing: boolean): RoleEvidence => ({ is: "unread", says: "why", isPassing });

interface Case {
  readonly name: string;
  readonly claim: Claim;
  readonly want: object;
}

const senders = [
  { senderId: undefined, says: 'the sender "" is no instance' },
  { senderId: "AIDAJQABLZS4A3QDU576Q", says: 'the sender "AIDAJQABLZS4A3QDU576Q" is no instance' },
  { senderId: "111122223333", says: 'the sender "111122223333" is no instance' },
  { senderId: `${roleId}:ada`, says: `the sender "${roleId}:ada" is no instance` },
  { senderId: `${roleId}:${instanceId}\n`, says: `the sender "${roleId}:${instanceId}�" is no instance` },
  {
    senderId: `AIDAJ52OTH4H7LEXAMPLE:${instanceId}`,
    says: `the sender "AIDAJ52OTH4H7LEXAMPLE:${instanceId}" is no instance`,
  },
  { senderId: `x${roleId}:${instanceId}`, says: `the sender "x${roleId}:${instanceId}" is no instance` },
];

const ofHosts: readonly Case[] = [
  {
    name: "an instance that speaks of itself: its role must be asked for",
    claim: { ...hosts, statement: host({ at: 7 }) },
    want: { is: "asking", about: "role", accountId, roleId, sentAt: 7 },
  },
  { name: "a role that only EC2 assumes", claim: { ...hosts, role: found(true) }, want: verified },
  {
    name: "a role that others assume, too",
    claim: { ...hosts, role: found(false) },
    want: doubtful(`role ${roleId} trusts others than EC2`),
  },
  {
    name: "a role of no instance profile",
    claim: { ...hosts, role: { is: "unknown" } },
    want: doubtful(`role ${roleId} is of no instance profile of the account`),
  },
  { name: "roles that may not be read", claim: { ...hosts, role: unread(false) }, want: doubtful("why") },
  {
    name: "roles that can't be read now",
    claim: { ...hosts, role: unread(true) },
    want: { is: "unsure", says: "why" },
  },
  {
    name: "an instance that speaks of another, whatever its role",
    claim: { ...hosts, statement: host({ instanceId: "i-9bb89e2b" }), role: found(true) },
    want: refused("forged", `instance ${instanceId} speaks for i-9bb89e2b`),
  },
  {
    name: "an instance that speaks of itself and of another",
    claim: {
      ...hosts,
      statement: {
        ...{ is: "events", origin: { by: "host", envelope: undefined } },
        events: [event, { ...event, instanceId: "i-9bb89e2b" }],
      },
    },
    want: refused("forged", `instance ${instanceId} speaks for i-9bb89e2b`),
  },
  {
    name: "an instance whose id only begins as the other's",
    claim: { ...hosts, senderId: `${roleId}:i-9bb89e2b`, statement: host({ instanceId: "i-9bb89e2b0" }) },
    want: refused("forged", "instance i-9bb89e2b speaks for i-9bb89e2b0"),
  },
  {
    name: "a forwarder's message, from anybody",
    claim: { ...hosts, statement: bridged(), role: found(true) },
    want: refused("forged", "a forwarder's message in the queue of hosts"),
  },
  {
    name: "a forwarder's tunnel",
    claim: { ...hosts, statement: tunnel },
    want: refused("forged", "a forwarder's message in the queue of hosts"),
  },
  {
    name: "an SNS envelope adds nothing",
    claim: { ...hosts, statement: host({}, signEnvelope()), signature: { is: "valid" } },
    want: { is: "asking", about: "role", accountId, roleId, sentAt: 0 },
  },
  ...senders.map(({ senderId, says }) => ({
    name: `sender ${JSON.stringify(senderId)}`,
    claim: { ...hosts, senderId, role: found(true) },
    want: doubtful(says),
  })),
];

const envelope = signEnvelope();
const enveloped = { ...forwarders, statement: bridged("aws.ssm", envelope) };
const listed = { ...enveloped, known: { ...known, topics: ["arn:aws:sns:us-west-2:123456789012:MyTopic"] } };

const ofForwarders: readonly Case[] = [
  { name: "an event of AWS", claim: forwarders, want: verified },
  { name: "a tunnel", claim: { ...forwarders, statement: tunnel }, want: verified },
  {
    name: "an event of another's",
    claim: { ...forwarders, statement: bridged("my.app") },
    want: refused("forged", 'the source "my.app" is not of AWS'),
  },
  {
    name: "an event of almost AWS",
    claim: { ...forwarders, statement: bridged("aws") },
    want: refused("forged", 'the source "aws" is not of AWS'),
  },
  {
    name: "an event of a partner of AWS's",
    claim: { ...forwarders, statement: bridged("aws.partner/example.com/0123") },
    want: refused("forged", 'the source "aws.partner/example.com/0123" is not of AWS'),
  },
  {
    name: "an event of AWS that an instance has sent",
    claim: { ...forwarders, senderId: hosts.senderId },
    want: refused("forged", `instance ${instanceId} speaks for AWS`),
  },
  {
    name: "an event of AWS that a rule's own role has sent",
    claim: { ...forwarders, senderId: `${roleId}:0123456789abcdef0123456789abcdef` },
    want: verified,
  },
  {
    name: "a host's message",
    claim: { ...forwarders, senderId: hosts.senderId, statement: host(), role: found(true) },
    want: refused("host_in_forwarder_queue", "a host's message in the queue of forwarders"),
  },
  {
    name: "a host's message in a signed envelope of a topic that forwards",
    claim: { ...listed, statement: host({}, envelope), signature: { is: "valid" } },
    want: refused("host_in_forwarder_queue", "a host's message in the queue of forwarders"),
  },
  {
    name: "another's event in a signed envelope of a topic that forwards",
    claim: { ...listed, statement: bridged("my.app", envelope), signature: { is: "valid" } },
    want: refused("forged", 'the source "my.app" is not of AWS'),
  },
  {
    name: "a topic that is not listed, though signed",
    claim: { ...enveloped, signature: { is: "valid" } },
    want: refused("forged", 'the topic "arn:aws:sns:us-west-2:123456789012:MyTopic" is no forwarder'),
  },
  {
    name: "a topic that is listed: its signature must be asked for",
    claim: listed,
    want: { is: "asking", about: "signature", envelope },
  },
  {
    name: "a topic by a glob",
    claim: { ...listed, known: { ...known, topics: ["arn:aws:sns:*:123456789012:*"] }, signature: { is: "valid" } },
    want: verified,
  },
  { name: "a valid signature", claim: { ...listed, signature: { is: "valid" } }, want: verified },
  {
    name: "an invalid signature",
    claim: { ...listed, signature: { is: "invalid", says: "why" } },
    want: refused("forged", "why"),
  },
  {
    name: "a certificate that can't be read now",
    claim: { ...listed, signature: { is: "unread", says: "why" } },
    want: { is: "unsure", says: "why" },
  },
];

const stranger = refused("unknown_account", "account 111122223333 is not to be marked");
const elsewhere = refused("unknown_region", "region eu-west-1 is not to be marked");

const places = [
  { name: "any account and region", known: {}, want: verified },
  { name: "a known account", known: { accounts: ["999999999999", accountId] }, want: verified },
  { name: "a known account by a glob", known: { accounts: ["1111*"] }, want: verified },
  { name: "an unknown account", known: { accounts: ["999999999999"] }, want: stranger },
  { name: "a known region", known: { regions: ["us-*", "eu-*"] }, want: verified },
  { name: "an unknown region", known: { regions: ["eu-west-2"] }, want: elsewhere },
  { name: "both unknown", known: { accounts: ["9*"], regions: ["us-*"] }, want: stranger },
];

const ofPlaces: readonly Case[] = places.flatMap(({ name, known: said, want }) => [
  { name: `${name}, of a host`, claim: { ...hosts, known: { ...known, ...said }, role: found(true) }, want },
  { name: `${name}, of a forwarder`, claim: { ...forwarders, known: { ...known, ...said } }, want },
  { name: `${name}, of a tunnel`, claim: { ...forwarders, statement: tunnel, known: { ...known, ...said } }, want },
]);

for (const { name, claim, want } of [...ofHosts, ...ofForwarders, ...ofPlaces]) {
  test(name, async (t) => t.strictSame(believe(claim), want));
}

test("of an unknown account nothing is asked, nor of a stranger's topic", async (t) => {
  t.match(believe({ ...hosts, known: { ...known, accounts: ["9*"] } }), { is: "refused" });
  t.match(believe(enveloped), { is: "refused" });
});

const anId = fc.constantFrom(instanceId, "i-9bb89e2b", "i-0123456789abcdef1", "ada", "", "i-", "*");
const anySender = fc.oneof(
  fc.string({ unit: anyCharacter }),
  fc.tuple(fc.constantFrom(roleId, "AIDAJQABLZS4A3QDU576Q", "AROA", "", "*"), anId).map((parts) => parts.join(":")),
);
const anyStatement = fc.oneof(
  anId.map((id) => host({ instanceId: id })),
  anId.map((id) => host({ instanceId: id }, envelope)),
  fc.constantFrom(bridged(), bridged("my.app"), bridged("aws.ssm", envelope), tunnel),
);

test("whoever sends whatever to hosts' queue, only what an instance says of itself is verified", async () => {
  fc.assert(
    fc.property(anySender, anyStatement, (senderId, statement) => {
      const claim: Claim = {
        queue: "hosts",
        senderId,
        statement,
        known,
        role: found(true),
        signature: { is: "valid" },
      };
      const isOwn =
        statement.is === "events" &&
        statement.origin.by === "host" &&
        senderId === `${roleId}:${statement.events[0].instanceId}` &&
        /^i-[0-9a-f]+$/.test(statement.events[0].instanceId);
      return (believe(claim).is === "verified") === isOwn;
    }),
    { numRuns: 2000 },
  );
});

test("whoever sends whatever to forwarders' queue, only AWS is verified, and of topics those that are listed", async () => {
  fc.assert(
    fc.property(anySender, anyStatement, fc.boolean(), (senderId, statement, isListed) => {
      const topics = isListed ? ["*:MyTopic"] : [];
      const claim: Claim = {
        ...{ queue: "forwarders", senderId, statement, role: found(true), signature: { is: "valid" } },
        known: { ...known, topics },
      };
      const { origin } = statement;
      const isOfAws = origin.by === "eventbridge" && origin.source.startsWith("aws.");
      const isOfInstance = /^AROA[A-Z0-9]{12,}:i-[0-9a-f]+$/.test(senderId);
      const isForwarded = isOfAws && !isOfInstance && (origin.envelope === undefined || isListed);
      return (believe(claim).is === "verified") === isForwarded;
    }),
    { numRuns: 1000 },
  );
});
