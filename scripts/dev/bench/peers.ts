import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findPeer, installations, type PeerName } from "../../../test/conformance/support/peers.ts";

export interface Runtime {
  /** Such as `Node 22`. */
  readonly name: string;
  readonly file: string;
}

/** The Node that runs this, and the others that are supported. */
export function findRuntimes(notes: string[]): readonly Runtime[] {
  const own = { name: `Node ${process.versions.node.split(".")[0]}`, file: process.execPath };
  const others = (["Node 22", "Node 24"] as const).filter((name) => name !== own.name);
  return [
    own,
    ...others.flatMap((name) => {
      const file = installedPeer(name, notes);
      return file === undefined ? [] : [{ name, file }];
    }),
  ];
}

/** A Python that has boto3: moto's, which rests on it. */
export function findBoto3(notes: string[]): string | undefined {
  const moto = installedPeer("moto", notes);
  return moto === undefined ? undefined : join(dirname(moto), "python");
}

/** Installs a peer that is not there, and says so where that fails: what is skipped must be heard. */
function installedPeer(name: PeerName, notes: string[]): string | undefined {
  const installation = installations.find(({ brings }) => brings[name] !== undefined);
  if (findPeer(name) === undefined && installation !== undefined) {
    const script = fileURLToPath(new URL(`../../../test/conformance/install/${installation.script}`, import.meta.url));
    console.error(`installing ${name}`);
    spawnSync("bash", [script, ...installation.args], { stdio: ["ignore", "ignore", "inherit"], timeout: 300_000 });
  }
  const file = findPeer(name);
  if (file === undefined) notes.push(`SKIPPED: ${name} is not here and could not be installed`);
  return file;
}
