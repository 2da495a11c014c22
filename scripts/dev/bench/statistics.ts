export const median = (numbers: readonly number[]): number => quantile(numbers, 0.5);

/** The nearest value that was really measured. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
}

export const round = (number: number, digits = 1): number => Number(number.toFixed(digits));
