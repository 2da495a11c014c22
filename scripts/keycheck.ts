import { runExecutable } from "../lib/runtime/run-executable.ts";

void runExecutable("keycheck", () => import("../lib/keycheck/main.ts"));
