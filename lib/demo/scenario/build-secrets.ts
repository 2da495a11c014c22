import type { Millis } from "../../core/time.ts";
import { deriveId } from "../identifiers.ts";
import type { Parameter, StoredSecret } from "../state.ts";
import { ago } from "./ages.ts";
import type { ParameterSpec, SecretSpec } from "./specs.ts";

interface Owner {
  readonly id: string;
  readonly now: Millis;
}

export const buildSecret = ({ ageDays, ...said }: SecretSpec, { id, now }: Owner): StoredSecret => ({
  ...said,
  versionId: deriveId("", `${id} ${said.name}`),
  createdAt: ago(now, ageDays),
});

export const buildParameter = ({ ageDays, ...said }: ParameterSpec, { now }: Owner): Parameter => ({
  ...said,
  changedAt: ago(now, ageDays),
});
