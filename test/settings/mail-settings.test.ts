import { test } from "tap";
import { stringify } from "yaml";
import { declareSettings, settingNames, settingsIn } from "../../lib/settings/declare.ts";
import { loadYaml } from "../../lib/settings/load-yaml.ts";
import { mailChecked, mailSettings, refuseMail, smtpPortOf } from "../../lib/settings/mail-settings.ts";
import { readEnvironment } from "../../lib/settings/read-environment.ts";
import { readFileSettings } from "../../lib/settings/read-file.ts";
import { resolveSettings } from "../../lib/settings/resolve.ts";

const declared = declareSettings("tagaudit", mailSettings, (check) => [check(mailChecked, refuseMail)]);

function resolve(section: Readonly<Record<string, unknown>>, environment: Readonly<Record<string, string>> = {}) {
  const file = loadYaml("s.yaml", stringify({ tagaudit: section }));
  return resolveSettings([declared], [readEnvironment([declared], environment), readFileSettings([declared], file)]);
}

const unset = {
  ...{ smtpHost: undefined, smtpPort: undefined, smtpTls: "starttls", smtpUser: undefined, smtpPassword: undefined },
  ...{ mailFrom: undefined, mailTo: [] },
} as const;

test("what holds when nothing is said", async (t) => {
  const resolved = resolve({});
  if (!resolved.ok) return t.fail(resolved.problems.join());
  t.strictSame(resolved.settings[0], unset);
});

const working = { smtp_host: "smtp.example.com", mail_from: "stalewatch@example.com" } as const;
const signedIn = { ...working, smtp_user: "stalewatch", smtp_password: "env:SMTP_PASSWORD" } as const;

const accepted = [
  { section: { ...working, smtp_host: "10.0.0.25" }, want: { smtpHost: "10.0.0.25" } },
  { section: { ...working, smtp_host: "mail" }, want: { smtpHost: "mail" } },
  { section: { ...working, smtp_host: "::1" }, want: { smtpHost: "::1" } },
  { section: { ...working, smtp_host: "2001:db8::25" }, want: { smtpHost: "2001:db8::25" } },
  { section: { ...working, smtp_port: 2525 }, want: { smtpPort: 2525 } },
  { section: { ...working, smtp_tls: "none" }, want: { smtpTls: "none" } },
  { section: { ...working, mail_from: "a.b+c_d@x.y-z.example" }, want: { mailFrom: "a.b+c_d@x.y-z.example" } },
  { section: { ...working, mail_from: "root@localhost" }, want: { mailFrom: "root@localhost" } },
  {
    section: { ...working, mail_to: ["a@example.com", "b@example.com"] },
    want: { mailTo: ["a@example.com", "b@example.com"] },
  },
  {
    section: { ...working, mail_to: "a@example.com, b@example.com" },
    want: { mailTo: ["a@example.com", "b@example.com"] },
  },
  {
    section: signedIn,
    want: { smtpUser: "stalewatch", smtpPassword: { from: "env", name: "SMTP_PASSWORD" } },
  },
  ...["localhost", "127.0.0.1", "127.1.2.3", "::1"].map((host) => ({
    section: { ...signedIn, smtp_host: host, smtp_tls: "none" },
    want: { smtpHost: host, smtpTls: "none" },
  })),
];

for (const { section, want } of accepted)
  test(`takes ${JSON.stringify(want)}`, async (t) => t.match(resolve(section), { ok: true, settings: [want] }));

const host = "a host name or an IP address such as smtp.example.com, without a port";
const address = "an e-mail address such as ops@example.com";
const refused = [
  ...["smtp.example.com:587", "smtps://smtp.example.com", "user@smtp.example.com", "-x", "a b", "[::1]"].map(
    (value) => ({
      ...{ key: "smtp_host", value, expects: host },
    }),
  ),
  { key: "smtp_port", value: 0, expects: "a whole number from 1 to 65535" },
  { key: "smtp_port", value: 65_536, expects: "a whole number from 1 to 65535" },
  { key: "smtp_tls", value: "ssl", expects: "one of starttls, tls, none" },
  ...[
    ...["ops", "@example.com", "ops@", "a@b@c.d", "Ops <ops@example.com>", "ops@example.com\r\nBcc: x@y.z"],
    ...[".ops@example.com", "o..p@example.com", "ops@-example.com", "ops@example-.com", "ops@exa_mple.com", "ops@x..y"],
    ...[
      "zoë@example.com",
      "ops@bücher.example",
      '"o p"@example.com',
      "ops@[10.0.0.1]",
      `${"x".repeat(65)}@example.com`,
    ],
    `ops@${"x".repeat(64)}.example`,
    `ops@${"x.".repeat(130)}example`,
  ].map((value) => ({ key: "mail_from", value, expects: address })),
] as const;

for (const { key, value, expects } of refused) {
  test(`${key} refuses ${JSON.stringify(value).slice(0, 40)}`, async (t) => {
    const resolved = resolve({ ...working, [key]: value });
    const problems = resolved.ok ? [] : resolved.problems;
    t.ok(problems.join().includes(`tagaudit.${key}: `), problems.join());
    t.ok(problems.join().endsWith(` is not ${expects}`), problems.join());
  });
}

test("one address of a list that is none is refused", async (t) => {
  const resolved = resolve({ ...working, mail_to: ["a@example.com", "b"] });
  t.match(resolved, { ok: false, problems: [/tagaudit\.mail_to.*"b" is not an e-mail address/] });
});

test("the longest address is taken, and one letter more is not", async (t) => {
  const domain = `${"x".repeat(63)}.${"x".repeat(63)}.${"x".repeat(57)}.a`;
  t.equal(domain.length + 65, 252);
  t.match(resolve({ ...working, mail_from: `${"y".repeat(64)}@${domain}bc` }), { ok: true });
  t.match(resolve({ ...working, mail_from: `${"y".repeat(64)}@${domain}bcd` }), { ok: false });
});

test("a password in place of where it is kept is refused and not repeated", async (t) => {
  const resolved = resolve({ ...signedIn, smtp_password: "not to be seen" });
  if (resolved.ok) return t.fail("taken");
  t.match(resolved.problems, [/tagaudit\.smtp_password: .* is not a place to read the secret from/]);
  t.notMatch(resolved.problems.join(), /not to be seen/);
});

const together = [
  { name: "receivers need a server", section: { mail_to: "a@example.com" }, says: "mail_to needs smtp_host" },
  { name: "a server needs a sender", section: { smtp_host: "mail" }, says: "smtp_host needs mail_from" },
  {
    name: "a name needs its password",
    section: { ...working, smtp_user: "stalewatch" },
    says: "smtp_user needs smtp_password",
  },
  {
    name: "a password needs its name",
    section: { ...working, smtp_password: "env:X" },
    says: "smtp_password needs smtp_user",
  },
  {
    name: "a password is not shown to the network",
    section: { ...signedIn, smtp_tls: "none" },
    says: "smtp_password needs smtp_tls = starttls or tls, for without either it can be read on its way",
  },
  {
    name: "a name that only begins like this machine's is another's",
    section: { ...signedIn, smtp_tls: "none", smtp_host: "localhost.example.com" },
    says: "smtp_password needs smtp_tls = starttls or tls, for without either it can be read on its way",
  },
] as const;

for (const { name, section, says } of together) {
  test(name, async (t) => {
    const resolved = resolve(section);
    t.ok(!resolved.ok && resolved.problems.some((problem) => problem.endsWith(says)), JSON.stringify(resolved));
  });
}

test("a password without a server or a user is two problems of which one is said", async (t) =>
  t.equal(
    refuseMail({ ...unset, smtpTls: "none", smtpPassword: { from: "env", name: "X" }, smtpUser: "u" }),
    "smtp_password needs smtp_tls = starttls or tls, for without either it can be read on its way",
  ));

test("the port that is not said is the usual one", async (t) => {
  t.equal(smtpPortOf({ smtpPort: undefined, smtpTls: "starttls" }), 587);
  t.equal(smtpPortOf({ smtpPort: undefined, smtpTls: "tls" }), 465);
  t.equal(smtpPortOf({ smtpPort: undefined, smtpTls: "none" }), 25);
  t.equal(smtpPortOf({ smtpPort: 2525, smtpTls: "tls" }), 2525);
});

test("no name is given twice, and each setting says what it means in a sentence", async (t) => {
  for (const names of Object.values(settingNames(declared))) t.strictSame(names, [...new Set(names)]);
  for (const { names, says } of settingsIn([declared])) t.match(says, /^[A-Z].*\.$/, names.stem);
});
