/** A policy document that is well formed, with the text that it was read from; parsePolicy makes it. */
export interface Policy {
  readonly name: string;
  readonly text: string;
  readonly version: string;
  readonly statements: readonly Statement[];
}

export interface Statement {
  /** The policy's name. */
  readonly policy: string;
  /** Counted from 0; Sids are not always unique. */
  readonly index: number;
  readonly sid: string | undefined;
  readonly effect: "Allow" | "Deny";
  readonly element: "Action" | "NotAction";
  readonly patterns: readonly string[];
  readonly hasNotResource: boolean;
  /** What else it says, in one form for all ways to write it: statements with the same scope apply to the same requests. */
  readonly scope: string;
  readonly at: Span;
  readonly elementAt: ElementSpans;
}

/** A stretch of the policy's text, in UTF-16 units. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** Where Action or NotAction is written. */
export interface ElementSpans {
  readonly key: Span;
  readonly value: Span;
  readonly patterns: readonly Span[];
  readonly isList: boolean;
}

export const spanOf = ({ offset, length }: Span): Span => ({ offset, length });

export const textAt = (text: string, { offset, length }: Span): string => text.slice(offset, offset + length);

export const endOf = ({ offset, length }: Span): number => offset + length;
