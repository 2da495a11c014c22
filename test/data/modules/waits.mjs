await undefined;
export const filter = () => undefined;
