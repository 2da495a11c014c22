import type { Writable } from "node:stream";
import { encodePoint } from "../line-protocol/encode.ts";
import { fanOut } from "./fan-out.ts";
import type { Sink } from "./sink.ts";
import { openStdoutSink } from "./stdout.ts";

/** The part of a run's settings that says where points go. */
export interface SinkSettings {
  readonly sink: readonly SinkKind[];
  /** `-` is stdout. */
  readonly jsonFile: string;
  readonly prometheusFile: string | undefined;
  /** False keeps line protocol off stdout. */
  readonly dumpMetricToConsole: boolean;
}

type OpenSink = (settings: SinkSettings, stdout: Writable) => Promise<readonly Sink[]>;

/** Settings name a sink by its key here. A sink that few runs ask for is imported by those alone. */
const openers = {
  "line-protocol": async ({ dumpMetricToConsole }, stdout) =>
    dumpMetricToConsole ? [openStdoutSink(stdout, encodePoint)] : [],
  json: async ({ jsonFile: path }, stdout) => {
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
} as const satisfies Record<string, OpenSink>;

export type SinkKind = keyof typeof openers;

/** Throws, before anything is scanned, when a file could never be written. */
export async function openSinks(settings: SinkSettings, stdout: Writable): Promise<Sink> {
  const kinds = [...new Set(settings.sink)];
  const opened = await Promise.all(kinds.map((kind) => openers[kind](settings, stdout)));
  return fanOut(opened.flat());
}
