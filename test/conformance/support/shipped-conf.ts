import { readFileSync } from "node:fs";
import { keycheckPath } from "../../support/run-executable.ts";

export interface Adaptation {
  readonly interval?: string;
  readonly timeout?: string;
  /** Added to the conf's own. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * telegraf/keycheck.conf as a user would adapt it, so that what is shipped is what is proven: keycheck's place, the second
 * command without its `#`, interval, timeout, and variables in `environment`. Everything else is the file's own.
 */
export const adaptExecConf = (adaptation: Adaptation): string =>
  adapt("keycheck.conf", adaptation).replace(/^ {4}# (\[.*)$/m, "    $1");

/** telegraf/keycheck-execd.conf, the same way; the second profile joins the one command. */
export const adaptExecdConf = (adaptation: Adaptation): string =>
  replaceOne(adapt("keycheck-execd.conf", adaptation), '"--execd", "prod"]', '"--execd", "prod", "dev"]');

function adapt(name: string, { interval, timeout, environment }: Adaptation): string {
  const conf = readFileSync(new URL(`../../../telegraf/${name}`, import.meta.url), "utf8");
  const place = `${JSON.stringify(process.execPath)}, ${JSON.stringify(keycheckPath)}`;
  const variables = Object.entries(environment).map(([variable, value]) => JSON.stringify(`${variable}=${value}`));
  let adapted = conf.replaceAll('"node", "/opt/stalewatch/dist/keycheck.cjs"', place);
  adapted = replaceOne(adapted, "environment = [", `environment = [\n    ${variables.join(",\n    ")},`);
  if (interval !== undefined) adapted = replaceOne(adapted, 'interval = "5m"', `interval = "${interval}"`);
  if (timeout !== undefined) adapted = replaceOne(adapted, 'timeout = "120s"', `timeout = "${timeout}"`);
  return adapted;
}

function replaceOne(conf: string, found: string, put: string): string {
  const [before, after, ...others] = conf.split(found);
  if (before === undefined || after === undefined || others.length > 0)
    throw new Error(`the conf does not say ${found} once`);
  return before + put + after;
}
