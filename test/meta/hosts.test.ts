import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "tap";
import { parse } from "yaml";
import { readOptions } from "../../lib/dirtymark/send/options.ts";

const hosts = join(import.meta.dirname, "../../lib/dirtymark/hosts");
const read = (name: string): string => readFileSync(join(hosts, name), "utf8");
const pamLine = read("dirtymark-send.pam");

interface CloudConfig {
  readonly write_files: readonly { readonly path: string; readonly content: string; readonly permissions: string }[];
  readonly runcmd: readonly (string | readonly string[])[];
}

test("the PAM line is one line, optional, and its options are taken", async (t) => {
  t.match(pamLine, /^session optional pam_exec\.so quiet \/\S+\/node \/\S+\/dirtymark-send\.cjs --queue (\S+)\n$/);
  const queue = /--queue (\S+)/.exec(pamLine)?.[1];
  t.match(readOptions({ queue }), { ok: true });
});

test("README and cloud-init have the same line", async (t) => {
  t.ok(read("README.md").includes(pamLine));
  // Its own test holds it to this form.
  const { write_files: files }: CloudConfig = parse(read("cloud-init.yaml"));
  t.equal(files[0]?.content, pamLine);
});

test("cloud-init's file is one by its first line, and of the types that its schema has", async (t) => {
  const text = read("cloud-init.yaml");
  t.match(text, /^#cloud-config\n/);
  const config: CloudConfig = parse(text);
  t.same(Object.keys(config), ["write_files", "runcmd"]);
  for (const { path, permissions } of config.write_files) {
    t.match(path, /^\//);
    t.match(permissions, /^0\d{3}$/, "a text: YAML would take it for a number");
  }
  for (const command of config.runcmd)
    t.ok(typeof command === "string" || command.every((word) => typeof word === "string"), `${command}`);
});

// As the distributions ship them, but for the comments.
const debian = `@include common-auth
account    required     pam_nologin.so
@include common-account
session [success=ok ignore=ignore module_unknown=ignore default=bad]        pam_selinux.so close
session    required     pam_loginuid.so
@include common-session
session    required     pam_env.so user_readenv=1 envfile=/etc/default/locale
@include common-password
`;
const amazon = `#%PAM-1.0
auth       substack     password-auth
auth       include      postlogin
account    required     pam_sepermit.so
password   include      password-auth
# pam_selinux.so close should be the first session rule
session    required     pam_selinux.so close
session    include      password-auth
`;

const stacks = [
  {
    name: "Debian's",
    before: debian,
    under: /^account [^\n]*\n@include common-account\nsession optional pam_exec[^\n]*\nsession \[success/m,
  },
  {
    name: "Amazon Linux's",
    before: amazon,
    under: /^# pam_selinux[^\n]*\nsession optional pam_exec[^\n]*\nsession {4}required/m,
  },
  {
    name: "one that includes all",
    before: "@include common-auth\n@include common-session\n",
    under: /auth\nsession optional[^\n]*\n@include common-session/,
  },
  { name: "one without sessions", before: "auth required pam_deny.so\n", under: /deny\.so\nsession optional[^\n]*\n$/ },
];

test("the line is put above all that a session does, once, into", async (t) => {
  const { runcmd }: CloudConfig = parse(read("cloud-init.yaml"));
  const command = String(runcmd.at(-1));
  for (const { name, before, under } of stacks) {
    const root = t.testdir({ etc: { "pam.d": { sshd: before }, stalewatch: { "dirtymark-send.pam": pamLine } } });
    const stack = join(root, "etc", "pam.d", "sshd");
    const place = () => spawnSync("sh", ["-c", command.replace(/ \/(etc|opt)\//g, ` ${root}/$1/`)]);
    place();
    t.equal(readFileSync(stack, "utf8"), before, `${name}: not without the program`);
    mkdirSync(join(root, "opt", "stalewatch"), { recursive: true });
    writeFileSync(join(root, "opt", "stalewatch", "dirtymark-send.cjs"), "");
    t.equal(place().status, 0, name);
    const after = readFileSync(stack, "utf8");
    t.match(after, under, name);
    t.equal(after.replace(pamLine, ""), before, `${name}: the rest is as it was`);
    place();
    t.equal(readFileSync(stack, "utf8"), after, `${name}: once`);
  }
});
