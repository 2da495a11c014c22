import type { CallCounter } from "./call-counts.ts";
import type { WriteLog } from "./write-log.ts";

/** What a bench in another process asks the offline AWS about itself. */
export const createControl =
  (counter: CallCounter, writes: WriteLog) =>
  (method: string, path: string): object | undefined => {
    switch (`${method} ${path}`) {
      case "GET /__demo/calls":
        return counter.counts();
      case "GET /__demo/writes":
        return writes.list();
      case "POST /__demo/reset-calls":
        counter.reset();
        return counter.counts();
      default:
        return undefined;
    }
  };
