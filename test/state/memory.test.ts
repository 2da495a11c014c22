import { openMemoryStore } from "../../lib/state/memory.ts";
import { testStore } from "../contract/store.ts";

const shared = openMemoryStore();

testStore("memory", async (_t, clock) => (clock === undefined ? shared : openMemoryStore(clock)));
