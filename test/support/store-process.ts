// A process that works on the embedded state in a directory: node --import tsx store-process.ts JOB DIRECTORY NAME
import { writeSync } from "node:fs";
import { openEmbeddedStore } from "../../lib/state/embedded.ts";
import { increment } from "./increment.ts";

/** Lines that are out even where the next instant kills the process. */
const print = (line: string): void => {
  writeSync(1, `${line}\n`);
};

const jobs: Readonly<Record<string, (directory: string, name: string) => Promise<void>>> = {
  /** Claims what all claim, and counts with all. */
  async race(directory, name) {
    const store = await openEmbeddedStore({ directory });
    print("ready");
    await new Promise((resolve) => process.stdin.once("data", resolve));
    for (let at = 0; at < 40; at += 1) {
      if ((await store.create("claims", `${at}`, { name })) === "created") print(`won ${at}`);
      await increment(store, "counter", "n");
    }
    await store.close();
    process.stdin.destroy();
  },
  /** Prints each id once its record is created, or removed again, until it is killed. */
  async write(directory, name) {
    const store = await openEmbeddedStore({ directory });
    for (let at = 0; ; at += 1) {
      const id = `${name}.${at}`;
      await store.create("written", id, { padding: "x".repeat((at * 997) % 9000) });
      print(`+${id}`);
      if (at % 3 !== 0) continue;
      const found = await store.get("written", id);
      print(`?${id}`);
      await store.remove("written", id, found?.version ?? 0);
      print(`-${id}`);
    }
  },
  async leave(directory, name) {
    const store = await openEmbeddedStore({ directory });
    await store.create("left", name, {});
  },
};

const [job = "", directory = "", name = ""] = process.argv.slice(2);
await jobs[job]?.(directory, name);
