import { performance } from "node:perf_hooks";
import type { Point } from "../../../lib/core/point.ts";
import { iam } from "../../../lib/keycheck/report.ts";
import { encodePoint } from "../../../lib/line-protocol/encode.ts";
import { point } from "../../../lib/measurements/declare.ts";
import { stalewatchRun } from "../../../lib/measurements/run.ts";
import { median, round } from "./statistics.ts";

// One kind of points in a fresh process, so that the first ten thousand are cold.
const kinds: Readonly<Record<string, (index: number) => Point>> = {
  simple: (index) =>
    point(iam, {
      tags: { name: `user-${index}`, key: `A${index % 9999}`, status: "expired", accountAlias: "prod" },
      fields: { ...{ age: index % 400, expires_in_days: 180 - (index % 400), status_code: 2 }, ...used },
    }),
  hostile: (index) =>
    point(stalewatchRun, {
      tags: {
        program: "keycheck",
        account: "111122223333",
        scope: `a,b=c d\\${index}\n\u0007 "\u{1F511}\ud800`,
        mode: "",
      },
      fields: { ...{ ok: false, duration_ms: index, items: Number.NaN, points: 2 ** 60 }, last_error: quoted },
    }),
};
const used = { last_used_days: 3, active: true, unused: false, quarantined: false };
const quoted = 'iam:ListUsers: "denied" by C:\\policy\r\non line 2\u0000, user=x,y z'.repeat(2);

const [kind = "simple"] = process.argv.slice(2);
const makePoint = kinds[kind];
if (makePoint === undefined) throw new Error(`no such kind of points: ${kind}`);
const points = Array.from({ length: 10_000 }, (_, index) => makePoint(index));

let bytes = 0;
const encodeAll = (): number => {
  const started = performance.now();
  bytes = 0;
  for (const one of points) bytes += encodePoint(one).line?.length ?? 0;
  return performance.now() - started;
};
const coldMs = encodeAll();
for (let round = 0; round < 20; round += 1) encodeAll();
const warmMs = median(Array.from({ length: 40 }, encodeAll));
const row = {
  points: kind,
  bytes_per_point: Math.round(bytes / points.length),
  cold_10k_ms: round(coldMs),
  cold_points_per_s: Math.round((points.length / coldMs) * 1000),
  warm_points_per_s: Math.round((points.length / warmMs) * 1000),
  warm_ns_per_point: Math.round((warmMs / points.length) * 1e6),
};
process.stdout.write(JSON.stringify(row));
