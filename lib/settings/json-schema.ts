import * as z from "zod/mini";
import { type Declaration, type DeclaredSetting, settingsIn } from "./declare.ts";
import { programSections } from "./names.ts";

/** What editors need to complete and check a settings file, as JSON Schema 2020-12. */
export function settingsJsonSchema(declarations: readonly Declaration[]): Readonly<Record<string, unknown>> {
  const notes = z.registry<Notes>();
  const others = programSections.map((name) => [name, z.exactOptional(z.unknown())]);
  const own = declarations.map((declaration) => [declaration.section, describeSection(declaration, notes)]);
  return z.toJSONSchema(z.strictObject(Object.fromEntries([...others, ...own])), {
    io: "input",
    metadata: notes,
    override: ({ zodSchema, jsonSchema }) => {
      // zod drops the default of what it transforms; ours are written as a user would write them.
      const { default: fallback } = notes.get(zodSchema) ?? {};
      if (fallback !== undefined) Object.assign(jsonSchema, { default: fallback });
    },
  });
}

interface Notes {
  readonly description: string;
  readonly default?: unknown;
  readonly deprecated?: boolean;
}

/** A section whose every line is a comment is null in YAML. */
const describeSection = (declaration: Declaration, notes: z.core.$ZodRegistry<Notes>): z.ZodMiniType =>
  z.exactOptional(
    z.nullable(
      z.strictObject(
        Object.fromEntries(settingsIn([declaration]).flatMap((setting) => describeSetting(setting, notes))),
      ),
    ),
  );

function describeSetting(
  { kind, names, says, default: fallback }: DeclaredSetting,
  notes: z.core.$ZodRegistry<Notes>,
): [string, z.ZodMiniType][] {
  return names.file.map((name, index) => {
    const schema = z.exactOptional(kind.schema);
    const written = fallback === undefined ? {} : { default: fallback };
    const original = index === 0 ? {} : { deprecated: true };
    notes.add(schema, { description: says, ...written, ...original });
    return [name, schema];
  });
}
