import { test } from "tap";
import { generatedDocuments } from "../../scripts/dev/documents.ts";

for (const { path, found, wanted } of generatedDocuments()) {
  test(`${path} says what the code says (npm run documents)`, async (t) => t.equal(found, wanted));
}
