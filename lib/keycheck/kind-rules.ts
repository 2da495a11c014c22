import * as z from "zod/mini";
import type { Millis } from "../core/time.ts";
import { type TagFilter, tagFilter } from "../settings/aws-kinds.ts";
import { choice, duration, structured, toggle } from "../settings/kinds.ts";
import { globs } from "../settings/several.ts";

export type UserKind = "human" | "machine";

/** Whom a rule means, and what holds for them instead of what holds for all. */
export interface KindRule {
  readonly kind: UserKind;
  /** Globs, here and below; one that matches is enough. Undefined: not asked for. */
  readonly users: readonly string[] | undefined;
  readonly paths: readonly string[] | undefined;
  readonly groups: readonly string[] | undefined;
  /** Its value is a glob. */
  readonly tag: TagFilter | undefined;
  readonly expireAge: Millis | undefined;
  readonly warnBefore: Millis | undefined;
  readonly unusedAge: Millis | undefined;
  readonly disableAfter: Millis | undefined;
  readonly disable: boolean | undefined;
}

/** Ages that a rule may give are written as the settings of these names. */
export const age = duration({ bare: "days", min: "1d" });
export const span = duration({ bare: "days" });

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: the letters of users' and groups' names. */
const name = (what: string) => ({ pattern: /^[\w+=,.@*?-]+$/, expects: `${what}'s name or a glob of it` });

/** IAM's paths begin and end with a slash, so a glob that does not would match nothing. */
const path = { pattern: /^[/*](.*[/*])?$/, expects: "a path such as /people/ or a glob such as /people/*" };

const conditions = ["user", "path", "group", "tag"] as const;

const written = () =>
  z
    .strictObject({
      kind: choice(["human", "machine"]).schema,
      user: globs(name("a user")),
      path: globs(path),
      group: globs(name("a group")),
      tag: z.exactOptional(tagFilter().schema),
      expire_age: z.exactOptional(age.schema),
      warn_before: z.exactOptional(span.schema),
      unused_age: z.exactOptional(age.schema),
      disable_after: z.exactOptional(span.schema),
      disable: z.exactOptional(toggle().schema),
    })
    .check(
      z.refine((rule) => conditions.some((condition) => rule[condition] !== undefined), {
        error: `a rule that says whom it means by ${conditions.slice(0, -1).join(", ")} or ${conditions.at(-1)}`,
      }),
    );

const rule = () =>
  z.pipe(
    written(),
    z.transform(
      (given): KindRule => ({
        ...{ kind: given.kind, users: given.user, paths: given.path, groups: given.group, tag: given.tag },
        ...{ expireAge: given.expire_age, warnBefore: given.warn_before, unusedAge: given.unused_age },
        ...{ disableAfter: given.disable_after, disable: given.disable },
      }),
    ),
  );

/** Which users are human and which are machines, and what is different for them. */
export const kindRules = structured<readonly KindRule[]>(
  () => z.array(rule(), { error: "a list of rules" }),
  "a list of rules, each with kind and any of user, path, group and tag",
);
