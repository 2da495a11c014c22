type Variables = Readonly<Record<string, string | undefined>>;

export type MetadataEndpoint =
  | { readonly ok: true; readonly url: string }
  | { readonly ok: false; readonly says: string };

/** IPv6 only on instances whose metadata options say so. */
const endpoints = new Map([
  ["ipv4", "http://169.254.169.254"],
  ["ipv6", "http://[fd00:ec2::254]"],
]);

/** Where the instance metadata service is, by the variables that AWS's SDKs read; without a slash at its end. */
export function findMetadataEndpoint(environment: Variables): MetadataEndpoint {
  const { AWS_EC2_METADATA_DISABLED: disabled, AWS_EC2_METADATA_SERVICE_ENDPOINT: endpoint } = environment;
  if (disabled?.toLowerCase() === "true") return { ok: false, says: "AWS_EC2_METADATA_DISABLED forbids it" };
  if (endpoint !== undefined && endpoint !== "") return parseEndpoint(endpoint);
  const mode = environment.AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE ?? "IPv4";
  const url = endpoints.get(mode.toLowerCase());
  if (url !== undefined) return { ok: true, url };
  return { ok: false, says: `AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE is "${mode}", neither IPv4 nor IPv6` };
}

function parseEndpoint(endpoint: string): MetadataEndpoint {
  if (URL.canParse(endpoint) && new URL(endpoint).protocol === "http:")
    return { ok: true, url: endpoint.replace(/\/+$/, "") };
  return { ok: false, says: `AWS_EC2_METADATA_SERVICE_ENDPOINT is "${endpoint}", no http URL` };
}
