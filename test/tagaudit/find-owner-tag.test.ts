import { test } from "tap";
import { findOwnerTag } from "../../lib/tagaudit/find-owner-tag.ts";
import { aScheme } from "../support/tagaudit-records.ts";

const scheme = aScheme({ rules: [{ tag: "contact", value: { kind: "email" } }, { tag: "team" }] });

const cases = [
  { name: "who made it, before whom to write to", tags: { email: "c", contact: "b", created_by: "a" }, want: "a" },
  { name: "the tag that the scheme wants an address in", tags: { email: "c", contact: "b" }, want: "b" },
  { name: "an e-mail tag", tags: { team: "t", Email: " c@example.com " }, want: "c@example.com" },
  { name: "a blank names nobody", tags: { created_by: " ", email: "c" }, want: "c" },
  { name: "nobody", tags: { team: "t" }, want: undefined },
] as const;

for (const { name, tags, want } of cases)
  test(name, async (t) => t.equal(findOwnerTag(new Map(Object.entries(tags)), scheme), want));
