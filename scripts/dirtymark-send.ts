import { runSend } from "../lib/dirtymark/send/main.ts";

runSend();
