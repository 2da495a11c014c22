/** What a person is told, before any channel gives it a form; every text in it may be foreign and is shown as it is. */
export interface Message {
  /** One line: a ticket's summary, a notification's preview. */
  readonly subject: string;
  readonly parts: readonly MessagePart[];
}

export type MessagePart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "facts"; readonly facts: readonly (readonly [label: string, value: string])[] }
  /** Lines to paste into a shell, in this order. */
  | { readonly kind: "commands"; readonly lines: readonly string[] }
  | { readonly kind: "link"; readonly label: string; readonly url: string };
