import { test } from "tap";
import { parseConsumerNames } from "../../../lib/host-events/messages/consumer-names.ts";
import { readMessage, sentAt } from "../../support/host-messages.ts";

const parse = (changes = {}) => parseConsumerNames(JSON.parse(readMessage("consumer-names", changes)), sentAt);

test("the names that the original's consumer is given", async (t) =>
  t.match(parse(), {
    events: [
      {
        ...{ accountId: "123456789012", region: "us-west-2", instanceId: "i-1234567890abcdef0" },
        ...{ name: "ssh", source: "host", principal: "ada", address: "203.0.113.10" },
      },
    ],
  }));

const people = [
  { said: { user: "eve" }, want: "eve" },
  { said: { bastion_user: 7, username: "eve" }, want: "eve" },
  { said: { bastion_user: undefined, user_name: "eve" }, want: "eve" },
  { said: { bastion_user: undefined }, want: undefined },
];

for (const { said, want } of people) {
  test(`${JSON.stringify(said)} is ${want}`, async (t) => t.match(parse(said), { events: [{ principal: want }] }));
}

test("the address may have our own name, too", async (t) =>
  t.match(parse({ bastion_user_ip: undefined, source_address: "::1" }), { events: [{ address: "::1" }] }));

test("without an instance's id it is another shape", async (t) =>
  t.equal(parseConsumerNames({ instance_region: "us-west-2" }, sentAt), undefined));

test("a list of instances is refused: a host speaks of itself", async (t) =>
  t.match(parse({ instance_id: ["i-1234567890abcdef0"] }), { is: "refused", reason: "malformed" }));
