export const filter = ({ name }) => (name === "ssh" ? { level: "low", annotate: { by: "level.mjs" } } : undefined);
export const audited = () => undefined;
