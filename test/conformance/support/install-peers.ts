import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { minutes } from "../../../lib/core/time.ts";
import { findPeer, type Installation, installations, type PeerName } from "./peers.ts";

export interface AbsentPeer {
  readonly name: PeerName;
  readonly reason: string;
}

/** Installs what is not there yet, all at once, since most of it is waiting for downloads; returns what is absent. */
export async function installPeers(say: (line: string) => void): Promise<readonly AbsentPeer[]> {
  const absent = await Promise.all(installations.map((installation) => install(installation, say)));
  return absent.flat();
}

async function install(installation: Installation, say: (line: string) => void): Promise<readonly AbsentPeer[]> {
  const started = performance.now();
  const { failure, log } = await runScript(installation);
  // Object.keys forgets that the keys are those of the type.
  const names = Object.keys(installation.brings) as PeerName[];
  const lines = log.split("\n").filter((line) => line.trim() !== "");
  const reason = `install/${installation.script}: ${failure ?? "no executable"}: ${lines.slice(-3).join(" | ")}`;
  const absent = names.filter((name) => findPeer(name) === undefined).map((name) => ({ name, reason }));
  const outcome = absent.length === 0 ? "ready" : "ABSENT";
  say(`${names.join(", ")}: ${outcome} after ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return absent;
}

async function runScript({ script, args }: Installation): Promise<{ readonly failure?: string; readonly log: string }> {
  const path = fileURLToPath(new URL(`../install/${script}`, import.meta.url));
  const child = spawn("bash", [path, ...args], { stdio: ["ignore", "pipe", "pipe"], timeout: minutes(10) });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      log = (log + text).slice(-20_000);
    });
  }
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ failure: error.message, log }));
    child.once("close", (code, signal) => resolve(code === 0 ? { log } : { failure: `exit ${code ?? signal}`, log }));
  });
}
