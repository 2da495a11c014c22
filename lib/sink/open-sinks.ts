import type { Writable } from "node:stream";
import { OpsError } from "../core/errors.ts";
import type { Secret } from "../core/secret.ts";
import { type Millis, seconds } from "../core/time.ts";
import { encodePoint } from "../line-protocol/encode.ts";
import type { ElasticsearchSettings } from "../settings/elasticsearch-settings.ts";
import type { SecretSource } from "../settings/secret-settings.ts";
import { fanOut } from "./fan-out.ts";
import type { Sink } from "./sink.ts";
import { openStdoutSink } from "./stdout.ts";

/** The part of a run's settings that says where points and documents go. */
export interface SinkSettings extends ElasticsearchSettings {
  readonly sink: readonly SinkKind[];
  /** `-` is stdout. */
  readonly jsonFile: string;
  readonly prometheusFile: string | undefined;
  /** False keeps line protocol off stdout. */
  readonly dumpMetricToConsole: boolean;
  readonly deadline: Millis;
}

/** What sinks beyond this machine need of the process. */
export interface RemoteMeans {
  readonly readSecret: (source: SecretSource, stop: AbortSignal) => Promise<Secret>;
  readonly warn: (message: string) => void;
}

interface Means {
  readonly stdout: Writable;
  readonly remote: RemoteMeans | undefined;
}

type OpenSink = (settings: SinkSettings, means: Means) => Promise<readonly Sink[]>;

/** Settings name a sink by its key here. A sink that few runs ask for is imported by those alone. */
const openers = {
  "line-protocol": async ({ dumpMetricToConsole }, { stdout }) =>
    dumpMetricToConsole ? [openStdoutSink(stdout, encodePoint)] : [],
  json: async ({ jsonFile: path }, { stdout }) => {
    const { encodeJsonLine } = await import("./json-line.ts");
    if (path === "-") return [openStdoutSink(stdout, encodeJsonLine)];
    const { openFileSink } = await import("./file.ts");
    return [await openFileSink({ name: `json_file "${path}"`, path, encode: encodeJsonLine })];
  },
  prometheus: async ({ prometheusFile: path }) => {
    if (path === undefined) return [];
    const { openPrometheusSink } = await import("./prometheus-file.ts");
    return [await openPrometheusSink({ name: `prometheus_file "${path}"`, path })];
  },
  documents: async (_settings, { stdout }) => {
    const { openDocumentsSink } = await import("./documents.ts");
    return [openDocumentsSink(stdout)];
  },
  elasticsearch: async (settings, { remote }) => {
    if (remote === undefined) throw new OpsError("other", "the sink elasticsearch has no way to read secrets");
    const { openElasticsearchSink } = await import("./elasticsearch.ts");
    return [openElasticsearchSink({ settings, ...remote, ...limitsFor(settings) })];
  },
} as const satisfies Record<string, OpenSink>;

/** A run has more to do than to wait for a server, and what it does not take waits in the spool. */
const limitsFor = ({ deadline }: SinkSettings) => ({
  timeout: Math.min(seconds(15), deadline / 5),
  patience: Math.min(seconds(20), deadline / 5),
  firstWait: seconds(1),
});

export type SinkKind = keyof typeof openers;

/** Throws, before anything is scanned, when a file could never be written. */
export async function openSinks(settings: SinkSettings, stdout: Writable, remote?: RemoteMeans): Promise<Sink> {
  const kinds = [...new Set(settings.sink)];
  const opened = await Promise.all(kinds.map((kind) => openers[kind](settings, { stdout, remote })));
  return fanOut(opened.flat());
}
