import type { Measurement } from "../../lib/core/point.ts";
import { dirty, dirtyFleet } from "../../lib/dirtycount/report.ts";
import { dirtycountSettings } from "../../lib/dirtycount/settings.ts";
import { dirtymarkQueue, dirtymarkRun, dirtymarkTags } from "../../lib/dirtymark/report.ts";
import { dirtymarkSettings } from "../../lib/dirtymark/settings.ts";
import { iam, iamReport, keycheckAccount } from "../../lib/keycheck/report.ts";
import { keycheckSettings } from "../../lib/keycheck/settings.ts";
import { callSettings } from "../../lib/settings/call-settings.ts";
import { type Declaration, type DeclaredSetting, settingsIn } from "../../lib/settings/declare.ts";
import { elasticsearchSettings } from "../../lib/settings/elasticsearch-settings.ts";
import { prefixOf } from "../../lib/settings/names.ts";
import { runSettings } from "../../lib/settings/run-settings.ts";
import { tagauditRegion, tagauditTag, tagauditViolation } from "../../lib/tagaudit/report.ts";
import { tagauditSettings } from "../../lib/tagaudit/settings.ts";

/** A program as what stands around it must know it. */
export interface Program {
  readonly name: string;
  readonly settings: Declaration;
  readonly measurements: readonly Measurement[];
  /** Whether it writes documents beside points. */
  readonly writesDocuments: boolean;
  /** Whether its accounts are shared out among pods; a queue shares itself out. */
  readonly hasShards: boolean;
  /** Whether it tells owners, and so has secrets and a map of them. */
  readonly tellsPeople: boolean;
}

/** All that there are: what is told of one is told of each. */
export const programs: readonly Program[] = [
  {
    ...{ name: "keycheck", settings: keycheckSettings, writesDocuments: false, hasShards: true, tellsPeople: true },
    measurements: [iam, iamReport, keycheckAccount],
  },
  {
    ...{ name: "tagaudit", settings: tagauditSettings, writesDocuments: true, hasShards: true, tellsPeople: true },
    measurements: [tagauditRegion, tagauditTag, tagauditViolation],
  },
  {
    ...{ name: "dirtymark", settings: dirtymarkSettings, writesDocuments: false, hasShards: false, tellsPeople: false },
    measurements: [dirtymarkRun, dirtymarkQueue, dirtymarkTags],
  },
  {
    ...{
      name: "dirtycount",
      settings: dirtycountSettings,
      writesDocuments: false,
      hasShards: true,
      tellsPeople: false,
    },
    measurements: [dirty, dirtyFleet],
  },
];

const forDocuments = Object.keys(elasticsearchSettings);

/** Every setting that means something to a program, its own and those that programs share. */
export const settingsOf = ({ settings, writesDocuments }: Program): readonly DeclaredSetting[] => [
  ...settingsIn([callSettings]),
  ...Object.entries(runSettings.settings).flatMap(([key, setting]) =>
    writesDocuments || !forDocuments.includes(key) ? [setting] : [],
  ),
  ...settingsIn([settings]),
];

/** Variables that name a program's settings. */
export const variablesOf = ({ name }: Pick<Program, "name">): string => `(?:${prefixOf(name)}|STALEWATCH)_\\w+`;
