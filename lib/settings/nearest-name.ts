/** Letters to change, add, drop or swap with their neighbour to turn one word into the other. */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      next.push(
        Math.min(
          at(next, column - 1) + 1,
          at(last, column) + 1,
          at(last, column - 1) + (same ? 0 : 1),
          swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    [beforeLast, last] = [last, next];
  }
  return at(last, to.length);
}

// Rows are filled from their first column on, so every cell that is asked for is there.
const at = (row: readonly number[], column: number): number => row[column] as number;

export interface NamedCandidate {
  /** What is compared, in lower case with underscores. */
  readonly stem: string;
  /** What is suggested. */
  readonly name: string;
}

/** The candidate that the written stem most likely meant, unless none is near. */
export function findNearest(stem: string, candidates: readonly NamedCandidate[]): string | undefined {
  let nearest: { readonly name: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    // A third of its letters may be wrong, but some must be right, and it must be nearer than the last.
    const limit = Math.min(Math.max(1, Math.floor(candidate.stem.length / 3)), (nearest?.distance ?? stem.length) - 1);
    if (Math.abs(stem.length - candidate.stem.length) > limit) continue;
    const distance = editDistance(stem, candidate.stem);
    if (distance <= limit) nearest = { name: candidate.name, distance };
  }
  return nearest?.name;
}
