import { boolean, integer, measurement, string } from "./declare.ts";

/** The status point: one per run and scope, written last, also by a run that failed whole, because health is data. */
export const stalewatchRun = measurement({
  name: "stalewatch_run",
  says: "how one run of one program went in one scope",
  tags: {
    program: "program that ran",
    account: "account id",
    scope: "the scope as its user named it: profile, role ARN or account id",
    mode: "observe, notify or commit",
  },
  fields: {
    ok: boolean("whether the scope gave usable output"),
    partial: boolean("whether something that should have been read was not"),
    duration_ms: integer("time from the first call to this point", "milliseconds"),
    api_calls: integer("AWS calls sent, retries included"),
    throttles: integer("answers by which AWS asked to slow down"),
    retries: integer("AWS calls sent again"),
    items: integer("subjects judged"),
    points: integer("points written before this one"),
    dropped_points: integer("points left out because they can't be encoded"),
    planned: integer("actions found due"),
    permitted: integer("actions that every gate allowed"),
    refused: integer("actions that a gate refused"),
    applied: integer("actions done and verified"),
    failed: integer("actions tried and not done, or of unknown end"),
    last_error: string("the gravest thing that went wrong, as one line; absent when nothing did"),
    evidence_age_s: integer("age of the oldest evidence judged", "seconds"),
  },
});
