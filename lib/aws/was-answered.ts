interface Answered {
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Whether a call that failed was told so by AWS itself; else its answer is lost, or late, and it may yet be carried out. */
export function wasAnswered(failure: Error): boolean {
  // As `call` throws it, what the SDK threw is its cause.
  const { $metadata }: Answered = Object(failure.cause);
  return ($metadata?.httpStatusCode ?? 0) >= 400;
}
