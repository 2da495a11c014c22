import { test } from "tap";
import { asciiAddress, domainOf } from "../../lib/notify/mail-address.ts";

const cases = [
  { name: "ASCII stays as it is", text: "Ada.L+aws@Example.com", want: "Ada.L+aws@Example.com" },
  {
    name: "a domain of another script is written in ASCII",
    text: "ada@bücher.example",
    want: "ada@xn--bcher-kva.example",
  },
  {
    name: "a domain that is written in two ways is the same",
    text: "ada@bu\u0308cher.example",
    want: "ada@xn--bcher-kva.example",
  },
  { name: "no domain has what begins a path", text: "ada@bücher.example/x", want: undefined },
  { name: "no domain has a port", text: "ada@bücher.example:25", want: undefined },
  { name: "no domain has a name before it", text: "ada@eve@bücher.example", want: undefined },
  { name: "no domain ends in letters that IDNA does not know", text: "ada@xn--ü.example", want: undefined },
  { name: "no other script before the @", text: "zoë@example.com", want: undefined },
  { name: "no line break", text: "ada@example.com\r\nRCPT TO:<eve@evil.example>", want: undefined },
  { name: "no line break in a domain", text: "ada@bücher\r\n.example", want: undefined },
  { name: "no angle brackets", text: "<ada@example.com>", want: undefined },
  { name: "no list", text: "ada@example.com,eve@evil.example", want: undefined },
  { name: "no comment", text: "ada(x)@example.com", want: undefined },
  { name: "no space around it", text: " ada@example.com", want: undefined },
  { name: "something before the @", text: "@example.com", want: undefined },
  { name: "something after the @", text: "ada@", want: undefined },
  { name: "an @", text: "ada", want: undefined },
  { name: "anything at all", text: "", want: undefined },
];

for (const { name, text, want } of cases) test(name, async (t) => t.equal(asciiAddress(text), want));

test("the domain is what follows the @", async (t) => t.equal(domainOf("ada@example.com"), "example.com"));
