import type * as z from "zod/mini";

/** How one sort of value is written, checked and described. */
export interface Kind<Value> {
  readonly form: "text" | "list" | "toggle" | "structured";
  /** Stands for the value in help, such as `DURATION`. */
  readonly placeholder: string;
  /** What a number counts that is written without a unit. */
  readonly bareUnit?: string;
  /** What would be right, in words that follow "is not". */
  readonly expects: string;
  /** Takes the text of a flag or variable as well as what YAML makes of it; its error messages are `expects`, too. */
  readonly schema: z.ZodMiniType<Value>;
  /** Whether what was given is a value as it stands, so that no schema need be built to say so. */
  readonly isValue?: (raw: unknown) => raw is Value;
  /**
   * What a declaration's own default means, unchecked: schemas take longer to build than all else that is done with
   * settings, and most runs are given few. Absent: the schema tells.
   */
  readonly readDefault?: (written: string) => Value;
}

export type Path = readonly PropertyKey[];
