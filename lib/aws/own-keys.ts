import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { messageOf } from "../core/errors.ts";
import type { Session } from "./session.ts";

export interface OwnKeys {
  readonly ids: ReadonlySet<string>;
  /** What could not be read, and why: with any of it there may be more keys than `ids`. */
  readonly unread: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The access keys that this process uses, or that any profile on this machine would: none of them may be disabled here. */
export async function listOwnKeyIds(sessions: readonly Session[], environment: Environment): Promise<OwnKeys> {
  const found = await Promise.all([...sessions.map(readSession), ...sharedFiles(environment).map(readSharedFile)]);
  const { AWS_ACCESS_KEY_ID: ambient } = environment;
  return {
    ids: new Set([...(ambient ? [ambient] : []), ...found.flatMap(({ ids }) => ids)]),
    unread: found.flatMap(({ unread }) => unread),
  };
}

interface Found {
  readonly ids: readonly string[];
  readonly unread: readonly string[];
}

async function readSession({ credentials, profile }: Session): Promise<Found> {
  try {
    return { ids: [(await credentials()).accessKeyId], unread: [] };
  } catch (thrown) {
    const whose = profile === undefined ? "credentials" : `credentials of profile "${profile}"`;
    return { ids: [], unread: [`${whose}: ${messageOf(thrown)}`] };
  }
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html */
function sharedFiles({ AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, HOME }: Environment): readonly string[] {
  const files = [AWS_CONFIG_FILE || "~/.aws/config", AWS_SHARED_CREDENTIALS_FILE || "~/.aws/credentials"];
  return files.map((path) => (path.startsWith("~/") ? join(HOME || homedir(), path.slice(2)) : path));
}

/** Line by line: the SDK's reader takes a file that it may not read, or that breaks one of its rules, for an empty one. */
async function readSharedFile(path: string): Promise<Found> {
  try {
    const matches = (await readFile(path, "utf8")).matchAll(/^\s*aws_access_key_id\s*=\s*(\w+)/gim);
    return { ids: [...matches].flatMap(([, id = ""]) => id), unread: [] };
  } catch (thrown) {
    if (isAbsent(thrown)) return { ids: [], unread: [] };
    return { ids: [], unread: [`file "${path}": ${messageOf(thrown)}`] };
  }
}

const isAbsent = (thrown: unknown): boolean =>
  thrown instanceof Error && "code" in thrown && (thrown.code === "ENOENT" || thrown.code === "ENOTDIR");
