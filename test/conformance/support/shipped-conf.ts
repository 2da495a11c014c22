import { readFileSync } from "node:fs";
import { executablePath } from "../../support/run-executable.ts";

export interface Adaptation {
  /** keycheck if absent. */
  readonly program?: "keycheck" | "tagaudit" | "dirtymark" | "dirtycount";
  readonly interval?: string;
  readonly timeout?: string;
  /** Added to the conf's own. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * telegraf/PROGRAM.conf as a user would adapt it, so that what is shipped is what is proven: the program's place, the second
 * command without its `#`, interval, timeout, and variables in `environment`. Everything else is the file's own.
 */
export const adaptExecConf = (adaptation: Adaptation): string =>
  adapt(".conf", adaptation).replace(/^ {4}# (\[.*)$/m, "    $1");

/** telegraf/PROGRAM-execd.conf, the same way; the second profile joins the one command. */
export const adaptExecdConf = (adaptation: Adaptation): string =>
  replaceOne(adapt("-execd.conf", adaptation), '"--execd", "prod"]', '"--execd", "prod", "dev"]');

function adapt(kind: string, { program = "keycheck", interval, timeout, environment }: Adaptation): string {
  const conf = readFileSync(new URL(`../../../telegraf/${program}${kind}`, import.meta.url), "utf8");
  const place = `${JSON.stringify(process.execPath)}, ${JSON.stringify(executablePath(program))}`;
  const variables = Object.entries(environment).map(([variable, value]) => JSON.stringify(`${variable}=${value}`));
  let adapted = conf.replaceAll(`"node", "/opt/stalewatch/dist/${program}.cjs"`, place);
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
