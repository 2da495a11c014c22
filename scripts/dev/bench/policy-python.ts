import { fileURLToPath } from "node:url";
import { findBoto3 } from "./peers.ts";
import { runChild } from "./run-child.ts";

const run = (python: string, script: string, args: readonly string[]): unknown => {
  const path = fileURLToPath(new URL(script, import.meta.url));
  return JSON.parse(runChild({ file: python, args: [path, ...args], environment: {} }).stdout);
};

/** AWS-managed policies' documents by name, from moto; undefined where there is none. */
export function managedTexts(notes: string[]): Readonly<Record<string, string>> | undefined {
  const python = findBoto3(notes);
  // policy-managed.py prints nothing else.
  return python === undefined ? undefined : (run(python, "policy-managed.py", []) as Readonly<Record<string, string>>);
}

export type UniverseResult =
  | { readonly ended: true; readonly ms: number; readonly patterns: number; readonly characters: number }
  | { readonly ended: false; readonly ms: number };

export interface Universe {
  /** All that policyuniverse knows, in lower case, sorted. */
  actions(): readonly string[];
  /** @param file with what is kept, over which actions (else its own), and after how long it gives up */
  minimise(file: string): UniverseResult;
}

/** policyuniverse, which is installed beside moto. */
export function findUniverse(notes: string[]): Universe | undefined {
  const python = findBoto3(notes);
  if (python === undefined) return undefined;
  try {
    runChild({ file: python, args: ["-c", "import policyuniverse"], environment: {} });
  } catch {
    notes.push("SKIPPED: policyuniverse is not beside moto: npm run conformance installs it");
    return undefined;
  }
  // policy-universe.py prints nothing else.
  return {
    actions: () => run(python, "policy-universe.py", ["actions"]) as readonly string[],
    minimise: (file) => run(python, "policy-universe.py", ["minimise", file]) as UniverseResult,
  };
}
