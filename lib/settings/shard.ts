import * as z from "zod/mini";
import type { Kind } from "./kind.ts";
import { lazily } from "./kinds.ts";

/** The part of all accounts that one process takes: those whose hash modulo `count` is `index`. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** `i/n`, counted from 0. */
export function shard(): Kind<Shard> {
  const expects = "i/n with 0 <= i < n, such as 0/4";
  const says = { error: expects };
  return lazily({ form: "text", placeholder: "I/N", expects }, () => {
    const written = z.string(says).check(z.regex(/^\d{1,6}\/\d{1,6}$/, says));
    const parts = z.transform((raw: string): Shard => {
      const [index, count] = raw.split("/").map(Number);
      return { index: Number(index), count: Number(count) };
    });
    const whole = z.custom<Shard>((part: Shard) => part.index < part.count, says);
    return z.pipe(z.pipe(written, parts), whole);
  });
}

/** What the three settings of sharding say together; they have passed `refuseShards`. */
export function chooseShard({ shard, shards, shardIndex }: ShardSettings): Shard | undefined {
  if (shard !== undefined) return shard;
  return shards === undefined || shardIndex === undefined ? undefined : { index: shardIndex, count: shards };
}

interface ShardSettings {
  readonly shard: Shard | undefined;
  readonly shards: number | undefined;
  readonly shardIndex: number | undefined;
}

/** Kubernetes sets JOB_COMPLETION_INDEX in every Indexed Job: alone it asks for nothing. */
export const jobIndexName = "JOB_COMPLETION_INDEX";

export function refuseShards({ shard, shards, shardIndex }: ShardSettings, whereIndex: string): string | undefined {
  if (shard !== undefined && shards !== undefined) return "shard and shards say the same twice; give one of them";
  if (shards === undefined) {
    const isAsked = shardIndex !== undefined && whereIndex !== `environment ${jobIndexName}`;
    return isAsked ? "shard_index needs shards" : undefined;
  }
  if (shardIndex === undefined) return `shards needs shard_index or ${jobIndexName}`;
  return shardIndex < shards ? undefined : `shard_index ${shardIndex} must be less than shards ${shards}`;
}
