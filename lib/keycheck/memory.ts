import * as z from "zod/mini";
import type { AccessKey, IamUser, ReportRow, ReportSlot } from "../core/iam.ts";
import type { JsonObject } from "../core/json.ts";
import type { Millis } from "../core/time.ts";

/** What is remembered of one user: its keys as IAM listed them, and what tells later whether they are still so. */
export interface UserMemory extends IamUser {
  readonly keys: readonly AccessKey[];
  readonly listedAt: Millis;
  /** The credential report that was at hand before the listing; absent where there was none. */
  readonly sighting: Sighting | undefined;
}

export interface Sighting {
  readonly generatedAt: Millis;
  /** Absent where the report did not know the user. */
  readonly row: SeenRow | undefined;
}

/** A report's row as far as it tells whether keys are still the same. */
export interface SeenRow extends Pick<ReportRow, "additionalCredentials"> {
  readonly slots: readonly [SeenSlot, SeenSlot];
}

export type SeenSlot = Pick<ReportSlot, "active" | "lastRotatedAt">;

/** Of what shape the bodies are; of any other, a version's that is not this one, nothing is remembered. */
const shape = 1;

/** As the store keeps it; the user's name is its id. */
export const formatMemory = ({ arn, createdAt, keys, listedAt, sighting }: UserMemory): JsonObject => ({
  ...{ shape, arn, createdAt, listedAt },
  keys: keys.map(({ id, active, createdAt }) => ({ id, active, createdAt })),
  sighting: sighting === undefined ? null : formatSighting(sighting),
});

const formatSighting = ({ generatedAt, row }: Sighting): JsonObject => ({
  generatedAt,
  row:
    row === undefined
      ? null
      : { slots: row.slots.map(formatSlot), additionalCredentials: row.additionalCredentials ?? null },
});

const formatSlot = ({ active, lastRotatedAt }: SeenSlot): JsonObject => ({
  active,
  lastRotatedAt: lastRotatedAt ?? null,
});

/** Undefined for a record that can't be read: its user counts as never listed. */
export function parseMemory(name: string, body: JsonObject): UserMemory | undefined {
  const parsed = recordSchema().safeParse(body);
  if (!parsed.success) return undefined;
  const { shape: _, ...memory } = parsed.data;
  return { name, ...memory };
}

const orNull = <Schema extends z.ZodMiniType>(schema: Schema) =>
  z.pipe(
    z.nullable(schema),
    z.transform((value) => value ?? undefined),
  );

let built: ReturnType<typeof buildSchema> | undefined;

/** Built for the first record that is read: a run that remembers nothing starts sooner without it. */
function recordSchema() {
  built ??= buildSchema();
  return built;
}

function buildSchema() {
  const slot = z.object({ active: z.boolean(), lastRotatedAt: orNull(z.number()) });
  return z.object({
    shape: z.literal(shape),
    arn: z.string(),
    createdAt: z.number(),
    listedAt: z.number(),
    keys: z.array(z.object({ id: z.string(), active: z.boolean(), createdAt: z.number() })),
    sighting: orNull(
      z.object({
        generatedAt: z.number(),
        row: orNull(z.object({ slots: z.tuple([slot, slot]), additionalCredentials: orNull(z.string()) })),
      }),
    ),
  });
}
