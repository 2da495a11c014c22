import { test } from "tap";
import { apiAddressOf, jiraKindOf, ticketAddress } from "../../lib/notify/jira-address.ts";

const kinds = [
  { serverAddress: "https://example.atlassian.net", want: "cloud" },
  { serverAddress: "https://example.atlassian.net/", want: "cloud" },
  { serverAddress: "https://example.atlassian-us-gov-mod.net", want: "cloud" },
  { serverAddress: "https://example.jira.com", want: "cloud" },
  { serverAddress: "https://jira.example.com/jira", want: "server" },
  { serverAddress: "https://atlassian.net.example.com", want: "server" },
  { serverAddress: "https://notatlassian.net", want: "server" },
  { serverAddress: "https://example.com/x.atlassian.net", want: "server" },
  { serverAddress: undefined, want: "server" },
] as const;

for (const { serverAddress, want } of kinds) {
  test(`${serverAddress} is ${want}`, async (t) => t.equal(jiraKindOf({ serverAddress, cloudId: undefined }), want));
}

test("a cloud id is cloud, whatever the address", async (t) =>
  t.equal(jiraKindOf({ serverAddress: "https://jira.example.com", cloudId: "11-22" }), "cloud"));

test("with a cloud id the API is reached through it", async (t) =>
  t.equal(
    apiAddressOf({ serverAddress: "https://example.atlassian.net", cloudId: "11-22" }),
    "https://api.atlassian.com/ex/jira/11-22",
  ));

test("without one the API is where people are", async (t) =>
  t.equal(apiAddressOf({ serverAddress: "https://example.com/jira", cloudId: undefined }), "https://example.com/jira"));

const tickets = [
  { site: "https://example.com", key: "OPS-1", want: "https://example.com/browse/OPS-1" },
  { site: "https://example.com/jira/", key: "OPS-1", want: "https://example.com/jira/browse/OPS-1" },
  { site: "https://example.com", key: "OPS-1/../x", want: "https://example.com/browse/OPS-1%2F..%2Fx" },
] as const;

for (const { site, key, want } of tickets) {
  test(`people read ${key} of ${site} at ${want}`, async (t) => t.equal(ticketAddress(site, key), want));
}
