/** A word as a shell takes it: in quotes unless it needs none; zsh takes a first `=` for a command's path. */
export const quoteWord = (word: string): string =>
  /^(?!=)[\w+=,.@/:-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
