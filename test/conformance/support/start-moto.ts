import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Test } from "tap";
import { formatInstant, seconds } from "../../../lib/core/time.ts";
import type { Instance } from "../../../lib/demo/ec2/instance.ts";
import { keysInOrder } from "../../../lib/demo/iam/access-keys.ts";
import type { Region } from "../../../lib/demo/region.ts";
import type { Account, User } from "../../../lib/demo/state.ts";
import { getPeer } from "./peers.ts";
import { startProcess } from "./start-process.ts";
import { waitUntil } from "./wait-until.ts";

/** One access key of a user, to sign with. */
export interface Credentials {
  readonly id: string;
  readonly secret: string;
}

export interface MotoUser {
  readonly name: string;
  /** Its inline policy, which moto checks as a document. */
  readonly policy?: object;
  readonly keys: readonly (Credentials & { readonly created?: string })[];
}

/** What motopeer.py's /__test/seed takes beside the state of an offline account. */
export interface MotoSeed {
  readonly account: string;
  readonly alias?: string;
  readonly users?: readonly MotoUser[];
  /** Anybody may assume them. */
  readonly roles?: readonly { readonly name: string; readonly policy: object }[];
  readonly regions?: readonly Region[];
}

export interface Moto {
  seed(seed: MotoSeed): Promise<void>;
  /** The same users, keys, dates, policies and instances as an account of the offline AWS. */
  copyAccount(account: Account): Promise<void>;
  /** From now on signatures and policies count. */
  enforcePolicies(): Promise<void>;
  /** The next calls of an action fail as said. */
  fail(fault: { action: string; times: number; code: string; status: number; message: string }): Promise<void>;
  /** By the ids of a region's instances. */
  states(account: string, region: string): Promise<Readonly<Record<string, string>>>;
  /** Actions called so far, without their services. */
  calls(): Promise<readonly string[]>;
  /** Forgets accounts, faults and calls, and enforces nothing. */
  reset(): Promise<void>;
  /** For a child process; moto takes any credentials for those of account 123456789012 while it enforces nothing. */
  environment(credentials?: Credentials): Record<string, string>;
}

/** A real moto, with what motopeer.py adds to it. */
export async function startMoto(t: Test): Promise<Moto> {
  const script = fileURLToPath(new URL("../motopeer.py", import.meta.url));
  const server = await startProcess(t, {
    command: join(dirname(getPeer("moto")), "python"),
    args: [script],
    environment: { MOTO_IAM_LOAD_MANAGED_POLICIES: "true", PYTHONDONTWRITEBYTECODE: "1" },
  });
  const port = await waitUntil("moto is ready", () => /^ready (\d+)$/m.exec(server.stdout())?.[1], seconds(60));
  const url = `http://127.0.0.1:${port}`;
  const seed = (said: object, regions: readonly Region[] = []) =>
    post(url, "/__test/seed", { ...said, regions: regions.map(describeRegion) });
  const enforceAfter = (calls: "0" | "inf") => postText(url, "/moto-api/reset-auth", calls);
  return {
    seed: ({ regions, ...said }) => seed(said, regions),
    copyAccount: (account) => seed(describeAccount(account), account.regions.list()),
    enforcePolicies: () => enforceAfter("0"),
    fail: (fault) => post(url, "/__test/fault", fault),
    async states(account, region) {
      const answer = await fetch(`${url}/__test/states`, { method: "POST", body: JSON.stringify({ account, region }) });
      return ((await answer.json()) as { readonly states: Readonly<Record<string, string>> }).states;
    },
    async calls() {
      const answer = await fetch(`${url}/__test/log`);
      return ((await answer.json()) as { readonly log: readonly string[] }).log;
    },
    async reset() {
      await enforceAfter("inf");
      await post(url, "/moto-api/reset", {});
      await post(url, "/__test/reset", {});
    },
    environment: ({ id, secret } = { id: "AKIAIOSFODNN7EXAMPLE", secret: "anything" }) => ({
      AWS_ACCESS_KEY_ID: id,
      AWS_SECRET_ACCESS_KEY: secret,
      AWS_ENDPOINT_URL: url,
      AWS_REGION: "us-east-1",
      AWS_EC2_METADATA_DISABLED: "true",
    }),
  };
}

const post = (url: string, path: string, content: object): Promise<void> =>
  postText(url, path, JSON.stringify(content));

async function postText(url: string, path: string, body: string): Promise<void> {
  const response = await fetch(url + path, { method: "POST", body });
  if (!response.ok) throw new Error(`moto: ${path}: ${response.status} ${await response.text()}`);
}

const describeAccount = (account: Account) => ({
  account: account.id,
  alias: account.alias,
  users: account.users.list().map(describeUser),
});

const describeRegion = ({ name, instances }: Region) => ({
  name,
  instances: instances
    .ids()
    .flatMap((id) => instances.find(id) ?? [])
    .map(describeInstance),
});

const describeInstance = ({ id, zone, type, state, launchedAt, launchedBy, rootDeviceType, tags }: Instance) => ({
  ...{ id, zone, type, state, launchedBy, rootDeviceType },
  launched: formatInstant(launchedAt),
  tags: Object.fromEntries(tags),
});

const describeUser = (user: User) => ({
  name: user.name,
  path: user.path,
  created: formatInstant(user.createdAt),
  policies: user.policies,
  // moto fills the credential report's slots in the order of creation.
  keys: keysInOrder(user.keys).map(({ id, status, createdAt, lastUsed }) => ({
    id,
    status,
    created: formatInstant(createdAt),
    ...(lastUsed && { lastUsed: { ...lastUsed, at: formatInstant(lastUsed.at) } }),
  })),
  serviceCredentials: user.serviceCredentials.map(({ id, service, status, createdAt }) => ({
    ...{ id, service, status },
    created: formatInstant(createdAt),
  })),
});
