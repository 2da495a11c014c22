import { trackCoverage } from "../core/coverage.ts";
import { failureCodeOf } from "../core/errors.ts";
import type { OwnerMap } from "../owners/find-owner.ts";
import { loadOwnerMap } from "../owners/load-owner-map.ts";
import type { Main } from "../runtime/frame.ts";
import type { ScanContext, ScanResult } from "../runtime/program.ts";
import { runProgram } from "../runtime/run-program.ts";
import { followInstances } from "./keep.ts";
import type { JudgedAccount, KeepRequest } from "./keep-to-act.ts";
import { openLadders } from "./ladders.ts";
import { loadScheme } from "./load-scheme.ts";
import { modeOf } from "./mode.ts";
import { printSchemeCheck } from "./print-scheme-check.ts";
import { readsOf, type TagauditReads } from "./reads.ts";
import { scanInstances } from "./scan.ts";
import type { Scheme } from "./scheme.ts";
import { refuseRun, type TagauditSettings, tagauditSettings } from "./settings.ts";
import { openVcpuBook, type VcpuBook } from "./vcpu-book.ts";
import { openDocuments } from "./write-documents.ts";

export const main: Main = (frame) => {
  const vcpus = openVcpuBook(frame.log.info);
  let scheme: Scheme | undefined;
  let ownerMap: OwnerMap = new Map();
  return runProgram(frame, {
    name: "tagaudit",
    says: "Finds EC2 instances that break a tag scheme, prints how well each region keeps it, and writes documents about those that do not.",
    examples: [
      ["tagaudit prod --tags created_by,department,project", "all enabled regions of the AWS profile prod's account"],
      ["tagaudit prod -r eu-west-1,us-east-1 -t owner -g 45", "two regions, 45 minutes of grace"],
      ["tagaudit prod --scheme tags.yaml --sink documents", "one JSON document for each instance in violation"],
      ["tagaudit --check-scheme tags.yaml --against inventory.json", "what a scheme would find, without AWS"],
    ],
    declaration: tagauditSettings,
    modeOf,
    refuses: refuseRun,
    instead: (settings, origins, readFile) => printSchemeCheck(settings, origins, { readFile, now: frame.now() }),
    async prepare(settings, origins, readFile) {
      const loaded = await loadScheme(settings, origins, readFile);
      if (!loaded.ok) return loaded.problems;
      scheme = loaded.scheme;
      const { slackMap } = settings;
      if (slackMap === undefined) return [];
      const owners = await loadOwnerMap({ path: slackMap, where: origins.slackMap.where, readFile });
      if (!owners.ok) return owners.problems;
      ownerMap = owners.map;
      return [];
    },
    scan: (context) => scanAccount(context, { scheme, vcpus, ownerMap }),
  });
};

interface Means {
  readonly scheme: Scheme | undefined;
  readonly vcpus: VcpuBook;
  readonly ownerMap: OwnerMap;
}

async function scanAccount(
  context: ScanContext<TagauditSettings>,
  { scheme, vcpus, ownerMap }: Means,
): Promise<ScanResult> {
  if (scheme === undefined) throw new Error("no scheme was loaded");
  const { scope, session, stop, clock, now, writeDocuments, settings, run } = context;
  const notes = trackCoverage();
  const reads = readsOf(session, stop);
  const store = await context.openState();
  const ladders = store && openLadders(store, scope.accountId, clock);
  const following = ladders && followInstances({ ladders, known: await ladders.load(), now });
  // Only who is told or reads documents is shown a name.
  const isNamed = writeDocuments !== undefined || run.mode !== "observe";
  const accountName = isNamed ? await nameAccount(scope.accountId, reads) : scope.accountId;
  const documents =
    writeDocuments &&
    (await openDocuments({
      ...context,
      ...{ store, writeDocuments },
      run: {
        ...{
          accountId: scope.accountId,
          index: run.elasticsearchIndex,
          runId: `${scope.accountId}-${now}`,
        },
        ...{ account: accountName, tagScheme: scheme.text, now, ecs: settings.ecs },
      },
    }));
  const act =
    store && ladders && run.mode !== "observe"
      ? actOn({ context, store, ladders, scheme, accountName, ownerMap })
      : undefined;
  return scanInstances({ ...context, scheme, notes, vcpus, documents, following, act }, reads);
}

/** Most runs only look, and start sooner without it. */
const actOn = (request: KeepRequest) => async (judged: JudgedAccount) => {
  const { actOnAudit } = await import("./keep-to-act.ts");
  return actOnAudit(request, judged);
};

/** As the original's documents: the alias, where there is one and it may be read. */
async function nameAccount(accountId: string, { findAccountAlias }: Pick<TagauditReads, "findAccountAlias">) {
  try {
    return (await findAccountAlias()) ?? accountId;
  } catch (thrown) {
    if (failureCodeOf(thrown) === "denied") return accountId;
    throw thrown;
  }
}
