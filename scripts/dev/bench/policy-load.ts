import { performance } from "node:perf_hooks";

// A fresh process that loads the policy room and expands one service, or that does nothing.
const [what] = process.argv.slice(2);
if (what === "expand") {
  const started = performance.now();
  const { expand } = await import("../../../lib/policy/library.ts");
  const loaded = performance.now();
  const actions = expand(["s3:*"]).length;
  process.stdout.write(JSON.stringify({ load: loaded - started, expand: performance.now() - loaded, actions }));
}
