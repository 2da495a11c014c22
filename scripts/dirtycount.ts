import { runExecutable } from "../lib/runtime/run-executable.ts";

void runExecutable("dirtycount", () => import("../lib/dirtycount/main.ts"));
