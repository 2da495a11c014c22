import { execFile } from "node:child_process";
import { seconds } from "../../core/time.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * One line to the system's log by logger(1): Node opens no datagram socket of /dev/log's kind. False where there is no
 * logger, or it fails; where no daemon listens, some versions of it say nothing.
 */
export const writeSyslog = (line: string, { PATH = "/usr/bin:/bin" }: Variables): Promise<boolean> =>
  new Promise((resolve) => {
    const args = ["-t", "dirtymark-send", "-p", "authpriv.warning", "--", line];
    execFile("logger", args, { env: { PATH }, timeout: seconds(1), killSignal: "SIGKILL" }, (failure) =>
      resolve(failure === null),
    );
  });
