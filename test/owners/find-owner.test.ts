import { test } from "tap";
import { findOwner, type Owner, slackId } from "../../lib/owners/find-owner.ts";

interface Case {
  readonly name: string;
  readonly user?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly map?: Readonly<Record<string, string>>;
  readonly want: Owner | undefined;
}

const cases: readonly Case[] = [
  { name: "nothing says whose a user is", want: undefined },
  { name: "the map says it", map: { ada: "U111" }, want: { by: "map", slackId: "U111" } },
  { name: "the map names others only", map: { grace: "U111" }, want: undefined },
  {
    name: "IAM's names are one whatever their case",
    user: "ADA",
    map: { ada: "U111" },
    want: { by: "map", slackId: "U111" },
  },
  { name: "a tag says it", tags: { slack: "U222" }, want: { by: "tag", slackId: "U222" } },
  {
    name: "the map beats the tags",
    map: { ada: "U111" },
    tags: { slack: "U222", email: "a@b.c" },
    want: { by: "map", slackId: "U111" },
  },
  { name: "an e-mail address says it", tags: { email: "a@b.c" }, want: { by: "email", email: "a@b.c" } },
  {
    name: "a Slack id beats an address",
    tags: { email: "a@b.c", slack: "W222" },
    want: { by: "tag", slackId: "W222" },
  },
  { name: "tag keys are one whatever their case", tags: { Slack: "U222" }, want: { by: "tag", slackId: "U222" } },
  { name: "blanks around a value are none of it", tags: { Email: " a@b.c\n" }, want: { by: "email", email: "a@b.c" } },
  {
    name: "a tag that is no id leaves it to the address",
    tags: { slack: "@ada", email: "a@b.c" },
    want: { by: "email", email: "a@b.c" },
  },
  { name: "a channel is no owner", tags: { slack: "C0123456" }, want: undefined },
  { name: "a tag that is no address is none", tags: { email: "ada" }, want: undefined },
  { name: "two addresses are none", tags: { email: "a@b.c, d@e.f" }, want: undefined },
  { name: "a broadcast is no address", tags: { email: "<!channel>@b.c" }, want: undefined },
  { name: "other tags say nothing", tags: { owner: "U222" }, want: undefined },
];

for (const { name, user = "ada", tags = {}, map = {}, want } of cases) {
  test(name, async (t) => {
    const subject = { user, tags: new Map(Object.entries(tags)), map: new Map(Object.entries(map)) };
    t.strictSame(findOwner(subject), want);
  });
}

const ids = [
  { id: "U12", want: true },
  { id: "W012A3CDE", want: true },
  { id: "U1", want: false },
  { id: "u0123", want: false },
  { id: "U012 3", want: false },
  { id: "U0123\n", want: false },
  { id: "B0123", want: false },
] as const;

for (const { id, want } of ids)
  test(`${JSON.stringify(id)} is ${want ? "a" : "no"} Slack id`, async (t) => t.equal(slackId.test(id), want));
