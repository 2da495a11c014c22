import { fileURLToPath } from "node:url";
import { findRuntimes, type Runtime } from "./peers.ts";
import { type Command, runChild } from "./run-child.ts";
import { atMost, type Section } from "./section.ts";
import { median, quantile, round } from "./statistics.ts";

const sendPath = fileURLToPath(new URL("../../../dist/dirtymark-send.cjs", import.meta.url));

/** What a login waits for; nobody listens at the metadata service's address, so that what is left behind ends at once. */
const environment = {
  ...{ PATH: "/nowhere", PAM_TYPE: "open_session", PAM_USER: "ada", PAM_SERVICE: "sshd" },
  AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://127.0.0.1:1",
};

/** Design of `dirtymark send`: it returns within this. */
const longestWait = 300;

export const measureLogin: Section = async ({ runs }) => {
  const notes = [
    "medians of interleaved runs; what is left behind by one run competes with the next",
    "ratios are medians of the ratios of runs side by side",
  ];
  const rows = findRuntimes(notes).map((runtime) => measure(runtime, runs));
  const targets = rows.map(({ runtime, p90_ms }) => atMost(`dirtymark send on ${runtime}, ms`, longestWait, p90_ms));
  return { tables: [{ title: "login", rows }], targets, notes };
};

function measure({ name, file }: Runtime, runs: number) {
  const nothing: Command = { file, args: ["-e", "0"], environment: {} };
  const send: Command = { file, args: [sendPath], environment };
  runChild(send);
  const pairs = Array.from({ length: runs }, () => [runChild(nothing).wallMs, runChild(send).wallMs] as const);
  const walls = pairs.map(([, wall]) => wall);
  return {
    ...{ runtime: name, what: "dirtymark send" },
    wall_ms: round(median(walls)),
    p90_ms: round(quantile(walls, 0.9)),
    to_node: round(median(pairs.map(([before, wall]) => wall / before)), 3),
  };
}
