import { matchesGlob, matchesName } from "../core/glob.ts";
import type { UserDetail } from "../core/iam.ts";
import type { Millis } from "../core/time.ts";
import type { TagFilter } from "../settings/aws-kinds.ts";
import { formatDuration } from "../settings/duration.ts";
import type { KindRule, UserKind } from "./kind-rules.ts";

/** What holds for the keys of one user. */
export interface KeyPolicy {
  readonly kind: UserKind;
  readonly expireAge: Millis;
  readonly warnBefore: Millis;
  readonly unusedAge: Millis;
  /** From the first notice that reached its owner. */
  readonly disableAfter: Millis;
  readonly mayDisable: boolean;
}

/** A user as far as rules look at it; groups and tags are absent where they were not read. */
export interface KindUser extends Pick<UserDetail, "name" | "path"> {
  readonly groups?: UserDetail["groups"] | undefined;
  readonly tags?: UserDetail["tags"] | undefined;
}

/** What holds for all users, and the rules that say otherwise. */
export interface KindSettings extends Omit<KeyPolicy, "kind" | "mayDisable"> {
  readonly kinds: readonly KindRule[];
}

/**
 * The first rule that matches decides. A user is a machine unless a rule says human, and a machine's keys stay on unless
 * its rule says that they may be disabled. Where a rule can't be told to match or not, none is followed, and nothing may
 * be disabled.
 */
export function kindOf(user: KindUser, settings: KindSettings): KeyPolicy {
  for (const rule of settings.kinds) {
    const answer = matchesRule(rule, user);
    if (answer === undefined) break;
    if (answer) return policyOf(rule, settings);
  }
  return policyOf({ kind: "machine", disable: false }, settings);
}

type Exceptions = Pick<KindRule, "kind" | "disable"> & Partial<Omit<KindRule, "kind" | "disable">>;

const policyOf = (rule: Exceptions, settings: KindSettings): KeyPolicy => ({
  kind: rule.kind,
  expireAge: rule.expireAge ?? settings.expireAge,
  warnBefore: rule.warnBefore ?? settings.warnBefore,
  unusedAge: rule.unusedAge ?? settings.unusedAge,
  disableAfter: rule.disableAfter ?? settings.disableAfter,
  mayDisable: rule.disable ?? rule.kind === "human",
});

/** Undefined: it hangs on what was not read. */
type Answer = boolean | undefined;

/** Every condition that the rule has must hold; one that does not decides, whatever is not known of the others. */
function matchesRule({ users, paths, groups, tag }: KindRule, user: KindUser): Answer {
  const answers = [
    users === undefined || matchesAny(users, [user.name], matchesName),
    paths === undefined || matchesAny(paths, [user.path], matchesGlob),
    groups === undefined || (user.groups && matchesAny(groups, user.groups, matchesName)),
    tag === undefined || (user.tags && hasTag(tag, user.tags)),
  ];
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}

const matchesAny = (globs: readonly string[], names: readonly string[], matches: typeof matchesGlob): boolean =>
  globs.some((glob) => names.some((name) => matches(glob, name)));

/**
 * The keys of a user's tags are the same in upper and lower case
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html).
 */
const hasTag = ({ key, value }: TagFilter, tags: UserDetail["tags"]): boolean =>
  [...tags].some(
    ([name, text]) => name.toLowerCase() === key.toLowerCase() && (value === undefined || matchesGlob(value, text)),
  );

/** Groups and tags take calls of their own; a user's name and path stand in its ARN. */
export const needsUserDetails = ({ kinds }: Pick<KindSettings, "kinds">): boolean =>
  kinds.some(({ groups, tag }) => groups !== undefined || tag !== undefined);

/** The path in a user's ARN: `/`, or `/people/` and the like. */
export const pathOf = (userArn: string): string => /\/(.*\/)?/.exec(userArn)?.[0] ?? "/";

interface OrderedAges extends Pick<KindSettings, "expireAge" | "warnBefore" | "kinds"> {
  readonly expireHard: Millis | undefined;
}

/** Rules whose ages, with what they leave as it is for all, are in no order that makes sense; `kinds[1]` is the second. */
export function refuseKinds({ kinds, expireHard, ...common }: OrderedAges): string | undefined {
  const problems = kinds.flatMap(({ expireAge, warnBefore }, index) => {
    if (expireAge === undefined && warnBefore === undefined) return [];
    const ages = { expireAge: expireAge ?? common.expireAge, warnBefore: warnBefore ?? common.warnBefore };
    const problem = refuseOrder({ ...ages, expireHard });
    return problem === undefined ? [] : [`kinds[${index}]: ${problem}`];
  });
  return problems.length === 0 ? undefined : problems.join("; ");
}

/** A key is ok, then expiring, then expired, and much later its use no longer protects it. */
export function refuseOrder({ warnBefore, expireAge, expireHard }: Omit<OrderedAges, "kinds">): string | undefined {
  if (warnBefore >= expireAge)
    return `warn_before (${formatDuration(warnBefore)}) must be shorter than expire_age (${formatDuration(expireAge)}), or every key would be expiring`;
  if (expireHard !== undefined && expireAge >= expireHard)
    return `expire_age (${formatDuration(expireAge)}) must be shorter than expire_hard (${formatDuration(expireHard)})`;
  return undefined;
}
