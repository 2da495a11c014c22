import { foldCase, hasWildcard } from "./glob.ts";

/** The service that a pattern names; undefined where it may be of several. */
export function serviceOf(pattern: string): string | undefined {
  const colon = pattern.indexOf(":");
  const service = foldCase(pattern.slice(0, Math.max(colon, 0)));
  return service === "" || hasWildcard(service) ? undefined : service;
}

/**
 * Of many patterns those that may match an action of a service, in their order: all of them where no service is named. Hundreds of
 * patterns need not each be held against all others.
 */
export function groupByService<Kind extends { readonly pattern: string }>(
  all: readonly Kind[],
): (service: string | undefined) => readonly Kind[] {
  const services = all.map(({ pattern }) => serviceOf(pattern));
  const groups = new Map<string, readonly Kind[]>();
  const groupOf = (service: string) =>
    all.filter((_, index) => services[index] === undefined || services[index] === service);
  return (service) => {
    if (service === undefined) return all;
    const group = groups.get(service) ?? groupOf(service);
    groups.set(service, group);
    return group;
  };
}
