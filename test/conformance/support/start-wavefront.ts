import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { createGunzip } from "node:zlib";
import type { Test } from "tap";

export interface WavefrontPoint {
  readonly metric: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface WavefrontReceiver {
  /** Telegraf's output to it. */
  readonly output: string;
  received(): readonly WavefrontPoint[];
}

/** What stands in for Wavefront's direct ingestion: it takes what Telegraf's own plugin sends, and knows no queries. */
export async function startWavefront(t: Test): Promise<WavefrontReceiver> {
  let lines = "";
  const server = createServer(async (request, response) => {
    lines += await text(request.pipe(createGunzip()));
    response.writeHead(202).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  return {
    output: `[[outputs.wavefront]]\n  url = "http://127.0.0.1:${port}"\n  token = "none"\n`,
    received: () => lines.split("\n").filter(Boolean).map(parseLine),
  };
}

/** `"metric" value seconds source="host" "tag"="value" ...` */
function parseLine(line: string): WavefrontPoint {
  const [, metric = "", rest = ""] = /^"([^"]+)" \S+ \d+ source="[^"]*"(.*)$/.exec(line) ?? [];
  const tags = [...rest.matchAll(/ "([^"]+)"="((?:[^"\\]|\\.)*)"/g)].map(([, tag, value]) => [tag, value]);
  return { metric, tags: Object.fromEntries(tags) };
}
