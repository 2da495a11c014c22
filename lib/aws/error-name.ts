/** AWS's own name for why a call failed, where that must be told from others of the same code. */
export function errorNameOf(thrown: unknown): string | undefined {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  return cause instanceof Error ? cause.name : undefined;
}
