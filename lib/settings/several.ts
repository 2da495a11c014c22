import * as z from "zod/mini";
import { text } from "./kinds.ts";

/** One, or a list of such: commas are letters of many names, so that several are a list of YAML. */
export function several<Value>(one: z.ZodMiniType<Value>, expects: string) {
  const says = { error: `${expects}, or a list of such` };
  const single = z.pipe(
    one,
    z.transform((value: Value): readonly Value[] => [value]),
  );
  return z.exactOptional(z.union([single, z.array(one, says).check(z.minLength(1, says))], says));
}

interface GlobForm {
  readonly pattern: RegExp;
  readonly expects: string;
}

export const globs = (form: GlobForm) => several(text(form).schema, form.expects);
