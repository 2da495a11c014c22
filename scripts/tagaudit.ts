import { runExecutable } from "../lib/runtime/run-executable.ts";

void runExecutable("tagaudit", () => import("../lib/tagaudit/main.ts"));
