/** A fault of a document and its place; lines and columns count from 1, columns in UTF-16 units. */
export interface PolicyProblem {
  readonly line: number;
  readonly column: number;
  readonly says: string;
}

/** Tells of an offset in the text which line and column it is. */
export function placesIn(text: string): (offset: number) => Pick<PolicyProblem, "line" | "column"> {
  const starts = [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map(({ 0: end, index }) => index + end.length)];
  return (offset) => {
    const line = starts.findLastIndex((start) => start <= offset);
    // The first line starts at 0.
    return { line: line + 1, column: offset - (starts[line] as number) + 1 };
  };
}

/** `line 4, column 12: Effect is "allow": it must be Allow or Deny`. */
export const formatProblem = ({ line, column, says }: PolicyProblem): string =>
  `line ${line}, column ${column}: ${says}`;

/** A value of the document as a message quotes it: of bounded length, and nothing in it that drives a terminal. */
export function quote(value: string | number | boolean | null): string {
  const text = JSON.stringify(value).replace(/[\u007f-\u009f]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
