/**
 * The characters of policies as IAM counts them against its quotas: white space is left out
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). AWS does not say whether that holds inside strings, so
 * there it is counted.
 */
export const sizeOf = (texts: readonly string[]): number =>
  texts.reduce((size, text) => size + countCharacters(text), 0);

function countCharacters(text: string): number {
  let [size, isString, isEscaped] = [0, false, false];
  for (const sign of text) {
    if (!isString && " \t\r\n".includes(sign)) continue;
    size += 1;
    if (isEscaped) isEscaped = false;
    else if (sign === "\\") isEscaped = isString;
    else if (sign === '"') isString = !isString;
  }
  return size;
}

/** Most characters of all inline policies together of a user, group or role, and of one version of a managed policy. */
export const sizeQuotas = { user: 2048, group: 5120, role: 10240, managed: 6144 } as const;
