import { test } from "tap";
import { parseValue } from "../../lib/settings/parse-value.ts";
import { chooseShard, refuseShards, shard } from "../../lib/settings/shard.ts";

const written = [
  { name: "the first part", text: "0/4", want: { index: 0, count: 4 } },
  { name: "the last part", text: "3/4", want: { index: 3, count: 4 } },
  { name: "one part of one", text: "0/1", want: { index: 0, count: 1 } },
  { name: "one part too many", text: "4/4", want: undefined },
  { name: "a part of none", text: "0/0", want: undefined },
  { name: "a negative part", text: "-1/4", want: undefined },
  { name: "a fraction of a part", text: "0.5/4", want: undefined },
  { name: "no count", text: "1/", want: undefined },
  { name: "no stroke", text: "1", want: undefined },
  { name: "two strokes", text: "1/2/3", want: undefined },
] as const;

for (const { name, text, want } of written) {
  test(name, async (t) => {
    const wrong = [{ path: [], says: `"${text}" is not i/n with 0 <= i < n, such as 0/4` }];
    t.strictSame(parseValue(shard(), text), want === undefined ? { ok: false, wrong } : { ok: true, value: want });
  });
}

const none = { shard: undefined, shards: undefined, shardIndex: undefined };
const half = { index: 1, count: 2 };

const chosen = [
  { name: "nothing said", settings: none, want: undefined },
  { name: "i/n", settings: { ...none, shard: half }, want: half },
  { name: "i/n in an Indexed Job", settings: { ...none, shard: half, shardIndex: 0 }, want: half },
  { name: "count and index", settings: { ...none, shards: 3, shardIndex: 2 }, want: { index: 2, count: 3 } },
  { name: "an index alone", settings: { ...none, shardIndex: 2 }, want: undefined },
  { name: "a count alone", settings: { ...none, shards: 2 }, want: undefined },
] as const;

for (const { name, settings, want } of chosen)
  test(`chooses by: ${name}`, async (t) => t.strictSame(chooseShard(settings), want));

const job = "environment JOB_COMPLETION_INDEX";
const both = "shard and shards say the same twice; give one of them";
const refused = [
  { name: "nothing said", settings: none, where: "default", want: undefined },
  { name: "the last index", settings: { ...none, shards: 3, shardIndex: 2 }, where: job, want: undefined },
  {
    name: "an index beyond the last",
    settings: { ...none, shards: 3, shardIndex: 3 },
    where: job,
    want: "shard_index 3 must be less than shards 3",
  },
  {
    name: "a count alone",
    settings: { ...none, shards: 3 },
    where: "",
    want: "shards needs shard_index or JOB_COMPLETION_INDEX",
  },
  {
    name: "an index alone",
    settings: { ...none, shardIndex: 0 },
    where: "flag --shard-index",
    want: "shard_index needs shards",
  },
  { name: "a job's index alone", settings: { ...none, shardIndex: 0 }, where: job, want: undefined },
  { name: "a job's index beside i/n", settings: { ...none, shard: half, shardIndex: 0 }, where: job, want: undefined },
  {
    name: "an index beside i/n",
    settings: { ...none, shard: half, shardIndex: 0 },
    where: "flag --shard-index",
    want: "shard_index needs shards",
  },
  { name: "i/n beside a count", settings: { ...none, shard: half, shards: 2 }, where: "", want: both },
] as const;

for (const { name, settings, where, want } of refused)
  test(`judges: ${name}`, async (t) => t.equal(refuseShards(settings, where), want));
