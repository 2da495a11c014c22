import { createRequire } from "node:module";
import { resolve } from "node:path";
import { messageOf } from "../core/errors.ts";
import type { Millis } from "../core/time.ts";
import { asRecord, memberOf } from "../host-events/foreign-json.ts";
import type { CustomModules } from "./custom-modules.ts";
import { patientCall } from "./patient-call.ts";

export type LoadedModules =
  | { readonly ok: true; readonly modules: CustomModules }
  /** One line for each module that can't be used. */
  | { readonly ok: false; readonly problems: readonly string[] };

interface Named {
  /** Paths from `directory`, as the settings say. */
  readonly filterModules: readonly string[];
  readonly auditors: readonly string[];
  readonly directory: string;
  readonly clock?: () => Millis;
}

/** Loads what the settings name: a filter exports `filter`, an auditor `audited`. */
export function loadModules({ filterModules, auditors, directory, clock = Date.now }: Named): LoadedModules {
  const problems: string[] = [];
  const load = <Given>(path: string, name: string): ((given: Given) => Promise<unknown>)[] => {
    try {
      return [patientCall(exportOf<Given>(resolve(directory, path), name), { clock })];
    } catch (thrown) {
      problems.push(`module "${path}": ${describeFailure(thrown)}`);
      return [];
    }
  };
  const modules: CustomModules = {
    filters: filterModules.flatMap((path) => load(path, "filter").map((filter) => ({ path, filter }))),
    auditors: auditors.flatMap((path) => load(path, "audited").map((audited) => ({ path, audited }))),
  };
  return problems.length === 0 ? { ok: true, modules } : { ok: false, problems };
}

/**
 * Modules of CommonJS, and ES modules but those with a top-level await: `require` takes them from Node 20.19 and 22.12 on. A
 * dynamic import would take all, but the bundle makes each one a `require` of its own chunks.
 */
function exportOf<Given>(file: string, name: string): (given: Given) => unknown {
  const found = memberOf(asRecord(createRequire(file)(file)), name);
  if (typeof found !== "function") throw new Error(`it exports no function "${name}"`);
  // What it takes, its author has read.
  return found as (given: Given) => unknown;
}

const notThere = "it, or a file that it needs, is not there";

const words: Readonly<Record<string, string>> = {
  MODULE_NOT_FOUND: notThere,
  ERR_MODULE_NOT_FOUND: notThere,
  ERR_REQUIRE_ASYNC_MODULE: "it has an await outside of functions",
};

function describeFailure(thrown: unknown): string {
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  return words[code] ?? messageOf(thrown);
}
