import { parseInstant, wholeDays } from "../../core/time.ts";
import { catalogue } from "../../policy/library.ts";
import type { ExitCode, Frame } from "../../runtime/frame.ts";
import { writeText } from "../command.ts";

const oldest = 180;

const ageInDays = ({ now }: Frame): number => wholeDays(parseInstant(catalogue.date) ?? 0, now());

export function warnOfAge(frame: Frame): void {
  const age = ageInDays(frame);
  if (age > oldest)
    frame.log.warn(
      `the catalogue of actions is of ${catalogue.date}, ${age} days old: it lacks what AWS has added since`,
    );
}

export async function printCatalogueDate(frame: Frame): Promise<ExitCode> {
  const { date, source } = catalogue;
  await writeText(frame, `${date}, ${ageInDays(frame)} days old, from ${source}\n`);
  return 0;
}
