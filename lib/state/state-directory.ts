import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { messageOf, OpsError } from "../core/errors.ts";
import { makeDirectory } from "./make-directory.ts";

interface DirectoryRequest {
  /** The setting state_directory. */
  readonly configured: string | undefined;
  /** XDG_STATE_HOME. */
  readonly stateHome: string | undefined;
  readonly home: string;
  /** Where a machine's services keep state: `/var/lib`. */
  readonly system: string;
}

/** Where it lies already, if anywhere: nothing is made. */
export async function findDirectory(request: DirectoryRequest): Promise<string | undefined> {
  const named = namedDirectory(request);
  if (named !== undefined) return named;
  for (const directory of placesIn(request)) if (await isWritable(directory)) return directory;
  return undefined;
}

/**
 * Where the embedded state lies. What is configured is never replaced by another place: state that moves is forgotten.
 * Else a directory that is in use already comes before one that could be made, since a service's user may have no home
 * that it can write, or have it only at times.
 */
export async function chooseDirectory(request: DirectoryRequest): Promise<string> {
  const found = await findDirectory(request);
  if (found !== undefined) return found;
  const problems: string[] = [];
  for (const directory of placesIn(request)) {
    try {
      await makeDirectory(directory);
      return directory;
    } catch (thrown) {
      problems.push(messageOf(thrown));
    }
  }
  throw new OpsError("other", `state_directory is not set, and no place for it can be made: ${problems.join("; ")}`);
}

function namedDirectory({ configured, stateHome }: DirectoryRequest): string | undefined {
  if (configured !== undefined) return configured;
  // A relative one is invalid (XDG Base Directory Specification).
  return stateHome !== undefined && isAbsolute(stateHome) ? join(stateHome, "stalewatch") : undefined;
}

const placesIn = ({ home, system }: DirectoryRequest): readonly string[] => [
  join(home, ".local", "state", "stalewatch"),
  join(system, "stalewatch"),
];

const isWritable = (directory: string): Promise<boolean> =>
  access(directory, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
