import { runRoom } from "../support/run-room.ts";

await runRoom("dirtycount");
await runRoom("dirtymark");
await runRoom("golden");
await runRoom("keycheck");
await runRoom("tagaudit");
