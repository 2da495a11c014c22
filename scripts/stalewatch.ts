import { runExecutable } from "../lib/runtime/run-executable.ts";

void runExecutable("stalewatch", () => import("../lib/stalewatch/main.ts"));
