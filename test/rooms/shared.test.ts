import { runRoom } from "../support/run-room.ts";

await runRoom("core");
await runRoom("host-events");
await runRoom("line-protocol");
await runRoom("marks");
await runRoom("measurements");
await runRoom("owners");
await runRoom("runtime");
await runRoom("settings");
