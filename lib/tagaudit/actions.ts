import type { ActionKinds } from "../act/conclude.ts";
import type { InstanceActing } from "./actions/acting.ts";
import { mark, unmark } from "./actions/mark.ts";
import { news } from "./actions/news.ts";
import { notice } from "./actions/notice.ts";
import { protect, unprotect } from "./actions/protection.ts";
import { start } from "./actions/start.ts";
import { stop } from "./actions/stop.ts";
import { terminate } from "./actions/terminate.ts";

/** Everything that tagaudit may change. */
export const instanceActions = (acting: InstanceActing): ActionKinds =>
  new Map(
    [notice, news, stop, start, terminate, unprotect, protect, mark, unmark]
      .map((make) => make(acting))
      .map((kind) => [kind.name, kind]),
  );
