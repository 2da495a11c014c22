import { accessSync, constants } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** Where installed peers stay between runs, outside the tree. */
export const peersHome =
  process.env.STALEWATCH_PEERS ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "stalewatch", "peers");

/** How a set of peers is installed: a script of install/ and its arguments. */
export interface Installation {
  readonly script: string;
  readonly args: readonly string[];
  /** What it brings, and the executable that is there only when all of it is: a path, or a name in PATH. */
  readonly brings: Readonly<Partial<Record<PeerName, string>>>;
}

export type PeerName =
  | "Telegraf"
  | "InfluxDB"
  | "VictoriaMetrics"
  | "promtool"
  | "moto"
  | "DynamoDB Local"
  | "Elasticsearch"
  | "Node 22"
  | "Node 24";

const below = (...parts: readonly string[]): string => join(peersHome, ...parts);

const nodes = { "Node 22": "22.23.3", "Node 24": "24.21.0" } as const;

/** The slowest first. */
export const installations: readonly Installation[] = [
  { script: "telegraf.sh", args: [below("telegraf")], brings: { Telegraf: below("telegraf", "telegraf") } },
  {
    script: "dynamodb-local.sh",
    args: [below("dynamodb-local")],
    brings: { "DynamoDB Local": below("dynamodb-local", "dynamodb-local") },
  },
  {
    script: "elasticsearch.sh",
    args: [below("elasticsearch")],
    brings: { Elasticsearch: below("elasticsearch", "elasticsearch") },
  },
  { script: "moto.sh", args: [below("moto")], brings: { moto: below("moto", "venv", "bin", "moto_server") } },
  {
    script: "stores.sh",
    args: [],
    brings: { InfluxDB: "influxd", VictoriaMetrics: "victoria-metrics", promtool: "promtool" },
  },
  installNode("Node 22"),
  installNode("Node 24"),
];

function installNode(name: keyof typeof nodes): Installation {
  const directory = below(name.toLowerCase().replace(" ", "-"));
  return {
    script: "node.sh",
    args: [directory, nodes[name]],
    brings: { [name]: join(directory, "node_modules", "node", "bin", "node") },
  };
}

/** The peer's executable; undefined where it is not installed. */
export function findPeer(name: PeerName): string | undefined {
  const executable = installations.map(({ brings }) => brings[name]).find((known) => known !== undefined);
  return executable === undefined ? undefined : whichExecutable(executable);
}

function whichExecutable(executable: string): string | undefined {
  const folders = executable.includes("/") ? [""] : (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, executable)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The peer's executable, in a test that is skipped where there is none. */
export function getPeer(name: PeerName): string {
  const executable = findPeer(name);
  if (executable === undefined) throw new Error(`${name} is not installed: npm run conformance installs it`);
  return executable;
}

/** For a test's option `skip`. */
export function skipWithout(...names: readonly PeerName[]): string | false {
  const absent = names.filter((name) => findPeer(name) === undefined);
  return absent.length > 0 && `without ${absent.join(" and ")}, which npm run conformance installs`;
}
