/** The programs that may change anything, and so have a journal, exemptions and a kill switch of their own. */
export const actingPrograms = ["keycheck", "tagaudit", "dirtymark", "dirtycount"] as const;
