import * as z from "zod/mini";
import type { Millis } from "../core/time.ts";
import { choice, duration, text, toggle } from "../settings/kinds.ts";
import { globs, several } from "../settings/several.ts";
import { parsePattern } from "./pattern.ts";
import { launchers, type Selector } from "./selector.ts";
import type { ValueRule } from "./value-rule.ts";

/** How a scheme is written in YAML, and what each part of it becomes. */
export const schemeKeys = ["tags", "key_case", "canary", "exemption"] as const;
export const ruleKeys = ["required", "value", "applies_to", "grace", "flip_protection"] as const;
export const valueKeys = ["allowed", "regex"] as const;
export const selectorKeys = ["region", "vpc", "launcher"] as const;

export interface WrittenRule {
  readonly required?: boolean;
  readonly value?: ValueRule;
  readonly applies_to?: Selector;
  readonly grace?: Millis;
  readonly flip_protection?: boolean;
}

const selector = z.pipe(
  z.strictObject({
    region: globs({ pattern: /^[a-z0-9*?-]+$/, expects: "a region or a glob such as eu-*" }),
    vpc: globs({ pattern: /^[a-z0-9*?-]+$/, expects: "a VPC's id or a glob of it" }),
    launcher: several(choice(launchers).schema, `one of ${launchers.join(", ")}`),
  }),
  z.transform(({ region, vpc, launcher }): Selector => ({ regions: region, vpcs: vpc, launchers: launcher })),
);

const regex = z.pipe(
  text().schema,
  z.transform((source: string, context): ValueRule => {
    const parsed = parsePattern(source);
    if (parsed.ok) return { kind: "regex", pattern: parsed.pattern };
    context.issues.push({ code: "custom", message: `a regular expression: ${parsed.says}`, input: source });
    return z.NEVER;
  }),
);

const words = ["date", "email", "iam-user", "identity-center-user"] as const;

const expectsValue = `one of ${words.join(", ")}, or a map with ${valueKeys.join(" or ")}`;

const oneOf = z.strictObject({
  allowed: z.exactOptional(
    z.array(text().schema, { error: "a list of values" }).check(z.minLength(1, { error: "a list of values" })),
  ),
  regex: z.exactOptional(regex),
});

const value = z.union(
  [
    z.pipe(
      z.enum(words, { error: expectsValue }),
      z.transform((kind): ValueRule => ({ kind })),
    ),
    z.pipe(
      oneOf.check(
        z.refine((given) => (given.allowed === undefined) !== (given.regex === undefined), {
          error: `a map with either ${valueKeys.join(" or ")}`,
        }),
      ),
      // The check leaves one of the two.
      z.transform((given): ValueRule => given.regex ?? { kind: "allowed", values: given.allowed as string[] }),
    ),
  ],
  { error: expectsValue },
);

const rule = z.strictObject({
  required: z.exactOptional(toggle().schema),
  value: z.exactOptional(value),
  applies_to: z.exactOptional(selector),
  grace: z.exactOptional(duration({ bare: "minutes" }).schema),
  flip_protection: z.exactOptional(toggle().schema),
});

const says = { error: "a map of tags to values" };

/** Without a tag to know it by, every stopped instance would be the canary. */
const canary = z.record(z.string(), text().schema, says).check(z.refine((tags) => Object.keys(tags).length > 0, says));

export const schemeFile = z.strictObject(
  {
    tags: z.record(z.string(), z.nullable(rule), { error: "a map of tags to rules" }),
    key_case: z.exactOptional(choice(["lower", "exact"]).schema),
    canary: z.exactOptional(canary),
    exemption: z.exactOptional(z.strictObject({ until: text().schema, reason: text().schema })),
  },
  { error: "a map with tags" },
);
