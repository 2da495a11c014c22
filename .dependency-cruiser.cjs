const sdk = "(^|/)node_modules/(@aws-sdk|@smithy)/";
const executables = "keycheck|tagaudit|dirtymark|dirtycount|rolerepo|repostats";
/** Of a program, what reads and writes AWS, the store and the channels. */
const storeEdges = `(${[
  ...["account-sessions", "act-on-instances", "act-on-keys", "burial", "channels", "collect-warm", "drain"],
  ...["event-queue", "import", "judge-messages", "keep", "keep-to-act", "ladders", "lambda", "late-recall"],
  ...["load-modules", "marking", "reads", "recall", "remembered", "resolve-tunnel", "send-daily-report"],
  ...["sender-roles", "sns-certificates", "sns-signature", "tag-accounts", "vcpu-book", "write-documents"],
].join("|")})\\.ts$`;
const edges = "^lib/(aws|state|queue|sink|notify|runtime)/";
const pure = [
  "^lib/(core|host-events|line-protocol|measurements|policy)/",
  "^lib/marks/(mark|merge-events|promised|recycling)\\.ts$",
  "^lib/act/(action|calendar|caps|count-acts|decide|exemptions|failures|gate-table|gates|wording)\\.ts$",
  "^lib/owners/(?!load-)",
  "^lib/settings/(?!load-)",
  // All of a program but its wiring, its reads and its deeds.
  `^lib/(${executables})/(?!(main|collect|scan|permissions|actions)\\.ts$|(actions|commands|hooks|send)/|${storeEdges})`,
].join("|");

/** Of the channels, what gives words their form; it may name their types. */
const pureNotify =
  "^lib/notify/(slack-(blocks|text)|jira-(address|document|failure|issue|text|transition|wiki)|mail-(address|failure|html|text))\\.ts$";

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "pure",
      comment: "decisions read nothing: no AWS, no store, no process, not even through another file",
      severity: "error",
      from: { path: pure },
      to: { path: [edges, sdk], reachable: true },
    },
    {
      name: "pure-no-built-ins",
      severity: "error",
      from: { path: `${pure}|${pureNotify}` },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "writes-only-from-actions",
      severity: "error",
      from: {
        pathNot: ["^lib/[^/]+/actions\\.ts$", "^lib/[^/]+/actions/", "^lib/act/execute\\.ts$", "^lib/aws/write/"],
      },
      to: { path: "^lib/aws/write/" },
    },
    {
      name: "sdk-only-at-edge",
      severity: "error",
      from: { path: "^(lib|scripts)/", pathNot: ["^lib/(aws|state|queue|secrets)/", "^scripts/dev/bench/"] },
      to: { path: sdk, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "no-cross-executable",
      severity: "error",
      from: { path: `^lib/(${executables})/` },
      to: { path: `^lib/(${executables})/`, pathNot: "^lib/$1/" },
    },
    {
      name: "shared-knows-no-executable",
      severity: "error",
      from: { path: "^lib/", pathNot: `^lib/(${executables}|stalewatch)/` },
      to: { path: `^lib/(${executables}|stalewatch)/` },
    },
    {
      name: "scripts-only-main",
      severity: "error",
      from: { path: "^scripts/[^/]+\\.ts$" },
      to: { pathNot: "^lib/([^/]+/(send/)?main|[^/]+/lambda|runtime/[^/]+)\\.ts$" },
    },
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-orphans",
      comment: "unreachable from every executable, the library entries and the repository's own tools",
      severity: "error",
      from: { path: "^(scripts/|lib/policy/library\\.ts$)" },
      // Of tests alone; and the entry itself.
      to: {
        path: "^lib/",
        pathNot: "^lib/((state|queue)/memory\\.ts$|demo/metadata/|policy/library\\.ts$)",
        reachable: false,
      },
    },
    { name: "not-to-unresolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "^node_modules" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
