import { access } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Session } from "../aws/session.ts";
import { OpsError } from "../core/errors.ts";
import type { StateSettings } from "../settings/state-settings.ts";
import { chooseDirectory, findDirectory } from "./state-directory.ts";
import type { Store } from "./store.ts";

export interface StoreRequest {
  readonly settings: StateSettings;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absent: of this process's user. */
  readonly home?: string;
  /** Absent: `/var/lib`. */
  readonly system?: string;
  /** Opens what a table is reached with. */
  readonly openSession: (of: {
    readonly profile: string | undefined;
    readonly region: string | undefined;
  }) => Promise<Session>;
  /** Ends every call to AWS: it should outlast the actions under way, whose outcome is still to be written. */
  readonly stop: AbortSignal;
  /** Told of what the state can do without. */
  readonly warn: (message: string) => void;
}

type OpenStore = (request: StoreRequest) => Promise<Store | undefined>;

/** The one package that is not part of the bundle, for it has a native part. */
function refuseWithoutLmdb(cause: unknown): never {
  throw new OpsError("other", "state = embedded needs the package lmdb beside this program", { cause });
}

/** Settings name a store by its key here; each is imported only by those that use it. */
const openers = {
  embedded: async (request) => {
    const [directory, { openEmbeddedStore }] = await Promise.all([
      directoryOf(request),
      import("./embedded.ts").catch(refuseWithoutLmdb),
    ]);
    return openEmbeddedStore({ directory });
  },
  dynamodb: async ({ settings, openSession, stop, warn }) => {
    const { stateProfile: profile, stateRegion: region, stateTable: table } = settings;
    const [session, { dynamoDbClient }, { openDynamoDbStore }] = await Promise.all([
      openSession({ profile, region }),
      import("../aws/client/dynamodb.ts"),
      import("./dynamodb.ts"),
    ]);
    return openDynamoDbStore({ client: dynamoDbClient(session), table, stop, warn });
  },
  none: async () => undefined,
} as const satisfies Record<StateSettings["state"], OpenStore>;

/** Undefined where nothing is to be remembered. Throws an OpsError where the state can't be opened. */
export const openStore = (request: StoreRequest): Promise<Store | undefined> =>
  openers[request.settings.state](request);

type Place = Pick<StoreRequest, "settings" | "environment" | "home" | "system">;

const placeOf = ({ settings, environment, home = homedir(), system = "/var/lib" }: Place) => ({
  ...{ configured: settings.stateDirectory, stateHome: environment.XDG_STATE_HOME, home, system },
});

const directoryOf = (place: Place): Promise<string> => chooseDirectory(placeOf(place));

/** Whether there is anything to be read in it. A table that is asked for is taken to be there. */
export async function isStoreMade(place: Place): Promise<boolean> {
  if (place.settings.state !== "embedded") return place.settings.state === "dynamodb";
  const directory = await findDirectory(placeOf(place));
  return directory !== undefined && !(await isAbsent(join(directory, "data.mdb")));
}

/** What can't be looked at may be there. */
const isAbsent = (path: string): Promise<boolean> =>
  access(path).then(
    () => false,
    (thrown: NodeJS.ErrnoException) => thrown.code === "ENOENT",
  );

/** Which store it is, for people who may have several. */
export async function sayPlace(place: Place): Promise<string> {
  const { state, stateTable } = place.settings;
  return state === "dynamodb" ? `table "${stateTable}"` : `directory "${await directoryOf(place)}"`;
}
