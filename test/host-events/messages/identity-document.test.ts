import { test } from "tap";
import { parseIdentityDocument } from "../../../lib/host-events/messages/identity-document.ts";
import { readMessage, sentAt } from "../../support/host-messages.ts";

const parse = (changes = {}) => parseIdentityDocument(JSON.parse(readMessage("identity-document", changes)), sentAt);

const named = { accountId: "123456789012", region: "us-west-2", instanceId: "i-1234567890abcdef0" };

test("a bare identity document is an event that nobody named", async (t) =>
  t.match(parse(), { events: [{ ...named, name: "unknown", principal: undefined, address: undefined }] }));

test("a client may add what happened, who and from where", async (t) =>
  t.match(parse({ event: "ssh", user: "ada", source_address: "203.0.113.10" }), {
    events: [{ ...named, name: "ssh", principal: "ada", address: "203.0.113.10" }],
  }));

test("without an instance's id it is another shape", async (t) =>
  t.equal(parseIdentityDocument({ accountId: "123456789012", region: "us-west-2" }, sentAt), undefined));

test("a wrong account is refused", async (t) =>
  t.match(parse({ accountId: 123456789012 }), { is: "refused", reason: "malformed" }));
