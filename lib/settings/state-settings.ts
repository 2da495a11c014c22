import { region } from "./aws-kinds.ts";
import { type SettingsOf, setting } from "./declare.ts";
import { choice, text, toggle } from "./kinds.ts";

/** Where a run keeps what it must remember, for the run's declaration to spread. */
export const stateSettings = {
  state: setting(choice(["embedded", "dynamodb", "none"]), {
    default: "embedded",
    says: "What is remembered between runs: in a directory of this machine, in a DynamoDB table, or nothing.",
  }),
  stateDirectory: setting(text({ pattern: /\S/, expects: "the path of a directory", placeholder: "DIRECTORY" }), {
    says: "Directory of the embedded state; unset: stalewatch in XDG_STATE_HOME, else in ~/.local/state or /var/lib.",
  }),
  stateTable: setting(
    text({
      pattern: /^[\w.-]{3,255}$/,
      expects: "a table's name of 3 to 255 letters, digits or _.-",
      placeholder: "TABLE",
    }),
    { default: "stalewatch", says: "DynamoDB table of the state; made where it is missing." },
  ),
  stateProfile: setting(text({ pattern: /\S/, expects: "an AWS profile", placeholder: "PROFILE" }), {
    original: "aws_dynamodb_profile_name",
    says: "AWS profile whose account has the table; unset: the ambient credentials' account.",
  }),
  stateRegion: setting(region(), {
    original: "aws_dynamodb_region",
    says: "Region of the table; unset: AWS_REGION, else the profile's, else us-east-1.",
  }),
  statePersistent: setting(toggle(), {
    default: "false",
    says: "True says that state_directory outlives the pod or job, and is the same in every shard's next run.",
  }),
} as const;

export type StateSettings = SettingsOf<{ readonly settings: typeof stateSettings }>;

export interface StateRun {
  readonly mode: "observe" | "notify" | "commit";
  /** One of several processes that share the accounts out among themselves. */
  readonly isSharded: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Why a run that tells or changes anything can't rely on its state; undefined where it can. State that vanishes forgets
 * who was told, and whose time runs.
 */
export function refuseForgetfulState(
  { state, statePersistent }: Pick<StateSettings, "state" | "statePersistent">,
  { mode, isSharded, environment }: StateRun,
): string | undefined {
  if (mode === "observe" || state === "dynamodb") return undefined;
  if (state === "none") return `mode = ${mode} must remember what it did: state can't be none`;
  if (statePersistent) return undefined;
  const where = environment.KUBERNETES_SERVICE_HOST ? "in Kubernetes" : "with shards";
  if (!environment.KUBERNETES_SERVICE_HOST && !isSharded) return undefined;
  return `mode = ${mode} ${where} needs state = dynamodb, or state_persistent = true where state_directory lasts`;
}
