import * as z from "zod/mini";
import { declareSettings, setting } from "../../lib/settings/declare.ts";
import { choice, date, duration, integer, list, structured, text, toggle } from "../../lib/settings/kinds.ts";

/** A program's settings with one of everything. */
export const doorSettings = declareSettings(
  "tagaudit",
  {
    openAfter: setting(duration({ bare: "minutes" }), {
      default: "15m",
      original: ["grace_minutes", "-g"],
      says: "How long a door may stay open.",
    }),
    closeAfter: setting(duration(), { default: "1h", says: "When a door is closed." }),
    ports: setting(list(integer({ min: 1, max: 65535 })), {
      default: "443",
      unit: "ports",
      says: "Open ports | allowed.",
    }),
    doors: setting(list(text({ pattern: /^[a-z]+$/, expects: "a door", placeholder: "DOOR" })), {
      default: "",
      positional: true,
      says: "Doors to look at.",
    }),
    strict: setting(toggle(), { default: "false", original: ["STRICT"], says: "Whether to be strict." }),
    level: setting(choice(["low", "high"]), { says: "How bad it is." }),
    token: setting(text({ pattern: /^t-\w+$/, expects: "a token" }), {
      secret: true,
      original: "door_token",
      says: "Opens doors.",
    }),
    exemptions: setting(
      structured(() => z.array(z.strictObject({ door: z.string(), until: date().schema })), "a list of exemptions"),
      { default: [], says: "Doors that may stay open." },
    ),
    follow: setting(toggle(), { default: "false", from: ["flag"], says: "Stay." }),
  },
  (check) => [
    check(["openAfter", "closeAfter"], ({ openAfter, closeAfter }) =>
      openAfter < closeAfter ? undefined : "open_after must be shorter than close_after",
    ),
  ],
);

/** What is shared in place of `runSettings`. */
export const houseSettings = declareSettings("run", {
  deadline: setting(duration({ bare: "seconds", min: "1s", max: "1h" }), { default: "110s", says: "When to stop." }),
});
