import { type Declaration, settingsIn } from "./declare.ts";
import { prefixOf } from "./names.ts";
import { type Given, type Reading, refuseUnknown } from "./reading.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads our variables; one that is set to nothing counts as not set, which is how ConfigMaps and shells leave a value out. */
export function readEnvironment(declarations: readonly Declaration[], environment: Environment): Reading {
  const given: Given[] = [];
  const known = new Set<string>();
  for (const setting of settingsIn(declarations)) {
    for (const name of setting.names.environment) {
      known.add(name);
      const raw = environment[name];
      if (raw !== undefined && raw !== "") given.push({ setting, raw, where: () => `environment ${name}` });
    }
  }
  const prefixes = [...new Set(declarations.map(({ section }) => `${prefixOf(section)}_`))];
  const problems = Object.keys(environment)
    .filter((name) => !known.has(name))
    .sort()
    .flatMap((name) => refuseStranger({ name, value: environment[name], prefixes, declarations }));
  return { source: "environment", given, problems, isIncomplete: false };
}

interface Stranger {
  readonly name: string;
  readonly value: string | undefined;
  readonly prefixes: readonly string[];
  readonly declarations: readonly Declaration[];
}

function refuseStranger({ name, value, prefixes, declarations }: Stranger): string[] {
  const prefix = prefixes.find((candidate) => name.startsWith(candidate));
  if (prefix === undefined) return [];
  const stem = name.slice(prefix.length);
  if (fromKubernetes.test(`${stem}=${value}`)) return [];
  return [refuseUnknown({ where: `environment ${name}`, name: stem, source: "environment", declarations })];
}

/**
 * What Kubernetes sets in every container for a Service whose name begins like the program's:
 * https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
 */
const fromKubernetes =
  /^(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)=|^(\w+_)?PORT=(tcp|udp|sctp):/;
