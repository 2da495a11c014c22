import fc from "fast-check";

// Answers to DescribeInstances as XML allows them: elements in any order, absent, empty, unheard of, and nested under the
// names of those in use; text escaped in any way.

/** Characters of XML 1.0, with those that an escape or a line's end is made of more often than others. */
const character = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(..."ab <>&\"'\n\r\t]-=#;é") },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }) },
  { weight: 1, arbitrary: fc.constantFrom("\u{1F98A}", "\u{20000}", "\ufeff", "\u00a0", "\u0085", "\u2028", "]]>") },
);

const escapes: readonly ((character: string) => string)[] = [
  (plain) => plain.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;"),
  (plain) => (plain.length === 1 ? `&#${plain.charCodeAt(0)};` : escapePlainly(plain)),
  (plain) => (plain.length === 1 ? `&#x${plain.charCodeAt(0).toString(16)};` : escapePlainly(plain)),
  (plain) => (plain.includes("]]>") ? escapePlainly(plain) : `<![CDATA[${plain}]]>`),
  (plain) => `<!-- <tagSet> -->${escapePlainly(plain)}`,
];

const escapePlainly = (plain: string): string => plain.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const xmlText = fc
  .array(fc.tuple(character, fc.constantFrom(...escapes)), { maxLength: 8 })
  .map((pieces) => pieces.map(([plain, write]) => write(plain)).join(""));

const element = (name: string, content: string): string =>
  content === "" ? `<${name}/>` : `<${name}>${content}</${name}>`;

const namesInUse = [
  "reservationSet",
  "instancesSet",
  "item",
  "instanceId",
  "instanceState",
  "name",
  "tagSet",
  "key",
  "value",
];
const otherNames = ["constructor", "toString", "instanceSet", "tagSetExtra", "x-y.z_1"];

/** Elements that nobody knows where they stand, neither we nor the SDK, which would look into them; among them are `names`. */
const passedOver = (names: readonly string[]): fc.Arbitrary<string> =>
  fc
    .letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        xmlText,
        fc
          .tuple(fc.constantFrom(...namesInUse, ...otherNames), fc.array(tie("tree"), { maxLength: 3 }))
          .map(([name, inside]) => element(name, inside.join(""))),
      ),
    }))
    .tree.chain((inside) => fc.constantFrom(...names, ...otherNames).map((name) => element(name, inside)));

const shuffled = (parts: readonly fc.Arbitrary<string>[], others: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(fc.tuple(...parts), fc.array(others, { maxLength: 3 }), fc.array(fc.constantFrom("", "\n  ", "<!-- é -->")))
    .chain(([own, strange, blanks]) => {
      const all = [...own, ...strange];
      return fc.shuffledSubarray(all, { minLength: all.length }).map((order) => order.join(blanks[0] ?? ""));
    });

const maybe = (arbitrary: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.oneof(fc.constant(""), arbitrary);

const leaf = (name: string, ...texts: readonly [string, ...string[]]) =>
  fc.constantFrom(...texts).map((text) => element(name, text));

const tag = shuffled(
  [maybe(xmlText.map((text) => element("key", text))), maybe(xmlText.map((text) => element("value", text)))],
  passedOver(["tagSet", "item", "name"]),
).map((inside) => element("item", inside));

const networkInterfaces = passedOver(["instanceId", "instanceState", "placement", "instancesSet", "key"]).map(
  (inside) => element("networkInterfaceSet", element("item", inside)),
);

const instance = fc
  .nat(1e6)
  .chain((id) =>
    shuffled(
      [
        fc.constant(element("instanceId", `i-${id}`)),
        shuffled([leaf("name", "running", "stopped", "terminated")], passedOver(["item", "tagSet"])).map((inside) =>
          element("instanceState", inside),
        ),
        leaf("instanceType", "m5.large", "u-24tb1.112xlarge"),
        leaf("launchTime", "2026-01-01T00:00:00.000Z", "2024-02-29T23:59:59Z", "2026-01-01T00:00:00.5+01:00"),
        shuffled([leaf("availabilityZone", "eu-west-1a", "eu-west-1b")], passedOver(["item", "placement"])).map(
          (inside) => element("placement", inside),
        ),
        leaf("rootDeviceType", "ebs", "instance-store"),
        maybe(leaf("vpcId", "", "vpc-1")),
        maybe(leaf("ipAddress", "", "203.0.113.1")),
        maybe(leaf("instanceLifecycle", "", "spot", "capacity-block")),
        maybe(leaf("spotInstanceRequestId", "", "sir-1")),
        maybe(
          shuffled(
            [maybe(leaf("managed", "true", "false")), maybe(leaf("principal", "", "eks.amazonaws.com"))],
            passedOver(["item", "key"]),
          ).map((inside) => element("operator", inside)),
        ),
        maybe(networkInterfaces),
        maybe(fc.array(tag, { maxLength: 4 }).map((tags) => element("tagSet", tags.join("")))),
      ],
      passedOver(["instancesSet", "state", "name", "item", "key"]),
    ),
  )
  .map((inside) => element("item", inside));

const reservation = shuffled(
  [fc.array(instance, { maxLength: 3 }).map((instances) => element("instancesSet", instances.join("")))],
  passedOver(["tagSet", "instanceId", "instanceState", "item"]),
).map((inside) => element("item", inside));

export const instanceDocument: fc.Arbitrary<string> = shuffled(
  [
    fc.array(reservation, { maxLength: 3 }).map((reservations) => element("reservationSet", reservations.join(""))),
    maybe(leaf("nextToken", "", "a token")),
  ],
  passedOver(["requestId", "tagSet", "item"]),
).map((inside) => `<?xml version="1.0" encoding="UTF-8"?>\n${element("DescribeInstancesResponse", inside)}\n`);
