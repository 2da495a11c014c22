import { setFlagsFromString } from "node:v8";
import { trackCoverage } from "../core/coverage.ts";
import { failureCodeOf } from "../core/errors.ts";
import type { Millis } from "../core/time.ts";
import type { OwnerMap } from "../owners/find-owner.ts";
import { loadOwnerMap } from "../owners/load-owner-map.ts";
import type { Main } from "../runtime/frame.ts";
import type { ScanContext, ScanResult } from "../runtime/program.ts";
import { runProgram } from "../runtime/run-program.ts";
import { followInstances } from "./keep.ts";
import type { JudgedAccount, KeepRequest } from "./keep-to-act.ts";
import { type KnownNames, listNames } from "./known-users.ts";
import { openLadders } from "./ladders.ts";
import { loadScheme } from "./load-scheme.ts";
import { modeOf } from "./mode.ts";
import { printSchemeCheck } from "./print-scheme-check.ts";
import { listIdentityCenterUsers, readsOf, type TagauditReads } from "./reads.ts";
import { scanInstances } from "./scan.ts";
import type { Scheme } from "./scheme.ts";
import { refuseRun, type TagauditSettings, tagauditSettings } from "./settings.ts";
import { openVcpuBook, type VcpuBook } from "./vcpu-book.ts";
import { openDocuments } from "./write-documents.ts";

/**
 * Pages of instances are read and dropped by the megabyte. Left to itself V8 lets its young generation grow to 32 MB and
 * more by that, and the sockets' buffers with it; kept at a few it costs no time. Of its flags for that this is one that
 * V8 asks at every growth; `--max-semi-space-size` counts only before it starts (NewSpace::Grow, Heap::ConfigureHeap).
 */
const keepHeapSmall = (): void => setFlagsFromString("--semi-space-growth-factor=1");

export const main: Main = (frame) => {
  keepHeapSmall();
  const vcpus = openVcpuBook(frame.log.info);
  let scheme: Scheme | undefined;
  let ownerMap: OwnerMap = new Map();
  const knowIdentityCenter = keepForRun();
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
    scan: (context) => scanAccount(context, { scheme, vcpus, ownerMap, knowIdentityCenter }),
  });
};

interface Means {
  readonly scheme: Scheme | undefined;
  readonly vcpus: VcpuBook;
  readonly ownerMap: OwnerMap;
  readonly knowIdentityCenter: ReturnType<typeof keepForRun>;
}

async function scanAccount(
  context: ScanContext<TagauditSettings>,
  { scheme, vcpus, ownerMap, knowIdentityCenter }: Means,
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
  const knowing = { knowIdentityCenter: () => knowIdentityCenter(context) };
  return scanInstances({ ...context, ...knowing, scheme, notes, vcpus, documents, following, act }, reads);
}

/** Accounts of one run share what is read once: none begins later than its deadline. */
function keepForRun() {
  let kept: { readonly at: Millis; readonly known: Promise<KnownNames> } | undefined;
  return (context: ScanContext<TagauditSettings>): Promise<KnownNames> => {
    const { now, run, settings } = context;
    if (kept === undefined || now - kept.at >= run.deadline) {
      const known = listNames({
        ...{ what: "users of IAM Identity Center", place: "it", list: () => listIdentityCenterUsers(context) },
        ...{ fewest: settings.minIdentityCenterUsers, setting: "min_identity_center_users" },
      });
      kept = { at: now, known };
    }
    return kept.known;
  };
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
