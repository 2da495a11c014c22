import { format, inspect } from "node:util";
import { test } from "tap";
import { Secret } from "../../lib/core/secret.ts";

const value = "xoxb-hunter2";
const secret = new Secret(value);

const shown = [
  { name: "as text", text: String(secret), want: "[redacted]" },
  { name: "in a template", text: `token ${secret}`, want: "token [redacted]" },
  { name: "joined to text", text: `${["token", secret].join(" ")}`, want: "token [redacted]" },
  { name: "as JSON", text: JSON.stringify({ secret }), want: '{"secret":"[redacted]"}' },
  { name: "inspected", text: inspect({ secret }), want: "{ secret: [redacted] }" },
  { name: "formatted for the console", text: format("%s %o", secret, secret), want: "[redacted] [redacted]" },
  { name: "inspected without its own say", text: inspect(secret, { customInspect: false, showHidden: true }) },
  { name: "spread", text: JSON.stringify({ ...secret }), want: "{}" },
  { name: "cloned", text: JSON.stringify(structuredClone(secret)), want: "{}" },
  { name: "by its keys", text: JSON.stringify(Reflect.ownKeys(secret)), want: "[]" },
];

for (const { name, text, want } of shown) {
  test(`a secret ${name} does not show`, async (t) => {
    t.notMatch(text, value);
    if (want !== undefined) t.equal(text, want);
  });
}

test("a secret is revealed to whoever asks for it", async (t) => t.equal(secret.reveal(), value));
