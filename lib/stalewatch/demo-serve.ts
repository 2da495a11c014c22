import { serveDemo } from "../demo/serve.ts";
import type { Command } from "./command.ts";

interface ServeOptions {
  readonly port: number;
  readonly accounts: number;
  readonly users: number;
  readonly "keys-per-user": number | undefined;
  readonly latency: number;
  readonly throttle: boolean;
  readonly "short-pages": boolean;
}

export const demoServe: Command<ServeOptions> = {
  command: "serve",
  describe: "Run the offline AWS alone, for experiments; prints how to reach it",
  options: (yargs) =>
    yargs.options({
      port: { type: "number", default: 0, describe: "port on 127.0.0.1; 0 takes a free one" },
      accounts: { type: "number", default: 3, describe: "accounts of the organization" },
      users: { type: "number", default: 400, describe: "IAM users in all accounts together" },
      "keys-per-user": { type: "number", describe: "instead: one account whose users all have this many keys" },
      latency: { type: "number", default: 0, describe: "milliseconds before every answer" },
      throttle: { type: "boolean", default: false, describe: "limit the rate of calls about as AWS does" },
      "short-pages": { type: "boolean", default: false, describe: "answer with pages shorter than asked for" },
    }),
  async run({ stdout, stop }, options) {
    const { port, accounts, users, latency, throttle } = options;
    const keysPerUser = options["keys-per-user"];
    await serveDemo(
      {
        ...{ port, accounts, users, throttle, latencyMs: latency, shortPages: options["short-pages"] },
        ...(keysPerUser === undefined ? {} : { keysPerUser }),
      },
      (text) => stdout.write(text),
      stop,
    );
    return 0;
  },
};
