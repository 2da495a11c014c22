import { runRoom } from "../support/run-room.ts";

await runRoom("wire/credential-report");
await runRoom("wire/executable");
await runRoom("wire/keys");
await runRoom("wire/settings");
await runRoom("wire/sinks");
await runRoom("wire/unusable");
