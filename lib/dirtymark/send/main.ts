import { runBehind } from "../../runtime/run-behind.ts";
import { isLogin } from "./login.ts";

/** `dirtymark send`, as PAM runs it at every login. */
export const runSend = (): void =>
  runBehind({ program: "dirtymark-send", isDue: isLogin, load: () => import("./report-login.ts") });
