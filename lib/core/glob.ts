/**
 * `*` stands for any text, `?` for one character, every other character for itself; the whole name must match. Goes back
 * to the last `*` only, which is enough, and no glob takes longer than its length times the name's: a pattern with six
 * `.*` takes seconds over a name of 64 letters.
 */
export function matchesGlob(glob: string, name: string): boolean {
  let [next, at] = [0, 0];
  let star: { readonly after: number; taken: number } | undefined;
  while (at < name.length) {
    const sign = glob[next];
    if (sign === "*") {
      next += 1;
      star = { after: next, taken: at };
    } else if (sign === "?") {
      next += 1;
      at += widthAt(name, at);
    } else if (sign === name[at]) {
      next += 1;
      at += 1;
    } else if (star === undefined) return false;
    else {
      star.taken += widthAt(name, star.taken);
      next = star.after;
      at = star.taken;
    }
  }
  return /^\**$/.test(glob.slice(next));
}

/** A character beyond U+FFFF is two units of text. */
const widthAt = (text: string, at: number): number => ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);

/**
 * For what is the same in upper and lower case, as the names of IAM's users, groups and roles are
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
 */
export const matchesName = (glob: string, name: string): boolean => matchesGlob(glob.toLowerCase(), name.toLowerCase());
