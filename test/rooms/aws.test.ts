import { runRoom } from "../support/run-room.ts";

await runRoom("aws");
await runRoom("queue");
await runRoom("secrets");
await runRoom("sink");
