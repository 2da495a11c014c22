import { test } from "tap";
import { findMetadataEndpoint } from "../../../lib/dirtymark/send/metadata-endpoint.ts";

const at = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
const mode = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";

const found = [
  { name: "nothing is said", environment: {}, want: "http://169.254.169.254" },
  { name: "nothing is in it", environment: { [at]: "" }, want: "http://169.254.169.254" },
  { name: "IPv4 is said", environment: { [mode]: "IPv4" }, want: "http://169.254.169.254" },
  { name: "IPv6 is said", environment: { [mode]: "IPv6" }, want: "http://[fd00:ec2::254]" },
  { name: "in small letters", environment: { [mode]: "ipv6" }, want: "http://[fd00:ec2::254]" },
  {
    name: "an endpoint beats the mode",
    environment: { [at]: "http://[::1]:1", [mode]: "IPv6" },
    want: "http://[::1]:1",
  },
  { name: "slashes at its end don't count", environment: { [at]: "http://host/x//" }, want: "http://host/x" },
  { name: "it is not disabled", environment: { AWS_EC2_METADATA_DISABLED: "false" }, want: "http://169.254.169.254" },
];

test("where the metadata service is if", async (t) => {
  for (const { name, environment, want } of found)
    t.same(findMetadataEndpoint(environment), { ok: true, url: want }, name);
});

const refused = [
  { name: "it is disabled", environment: { AWS_EC2_METADATA_DISABLED: "True" }, says: /^AWS_EC2_METADATA_DISABLED/ },
  {
    name: "the endpoint is no URL",
    environment: { [at]: "169.254.169.254" },
    says: /"169\.254\.169\.254", no http URL/,
  },
  { name: "the endpoint is a file", environment: { [at]: "file:///etc/passwd" }, says: /no http URL$/ },
  { name: "the mode is neither", environment: { [mode]: "IPv5" }, says: /is "IPv5", neither IPv4 nor IPv6$/ },
];

test("nothing is asked if", async (t) => {
  for (const { name, environment, says } of refused)
    t.match(findMetadataEndpoint(environment), { ok: false, says }, name);
});
