import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { onePerSession } from "./one-per-session.ts";

export const organizationsClient = onePerSession((configuration) => new OrganizationsClient(configuration));
