import * as z from "zod/mini";
import { region } from "./aws-kinds.ts";
import { type Setting, setting } from "./declare.ts";
import type { Kind } from "./kind.ts";
import { lazily, text } from "./kinds.ts";

/** Where a secret is kept; the settings never hold the secret itself. */
export type SecretSource =
  | { readonly from: "env"; readonly name: string }
  | { readonly from: "file"; readonly path: string }
  | { readonly from: "secretsmanager"; readonly id: string; readonly jsonKey: string | undefined }
  | { readonly from: "ssm"; readonly name: string }
  | { readonly from: "credstash"; readonly name: string; readonly table: string | undefined };

/** Each in the alphabet of its names, so that a token pasted behind a prefix mostly is no name. */
const forms = {
  env: "[A-Za-z_][A-Za-z0-9_]*",
  file: ".*\\S",
  secretsmanager: "[\\w/+=.@:!-]+(#.+)?",
  ssm: "[\\w/.:-]+",
  credstash: "[^@\\s]+(@[\\w.-]+)?",
} as const satisfies Record<SecretSource["from"], string>;

const anyForm = new RegExp(
  `^(${Object.entries(forms)
    .map(([from, name]) => `${from}:${name}`)
    .join("|")})$`,
);

/** A setting that says where a secret is kept; whatever is written there in its place is never shown. */
export const secretSetting = (says: string): Setting<SecretSource | undefined> =>
  setting(secretSource(), { says, secret: true });

/** A setting of the originals, which knew credstash alone: its value is the secret's name there. */
export const credstashNameSetting = (original: string, says: string): Setting<SecretSource | undefined> =>
  setting(credstashName(), { original, says, secret: true });

/** A place to read a secret from. */
export function secretSource(): Kind<SecretSource> {
  const expects =
    "a place to read the secret from: env:NAME, file:PATH, secretsmanager:ID, secretsmanager:ID#JSON_KEY, ssm:NAME, credstash:NAME or credstash:NAME@TABLE";
  const says = { error: expects };
  return lazily({ form: "text", placeholder: "SOURCE", expects }, () =>
    z.pipe(z.string(says).check(z.regex(anyForm, says)), z.transform(parseSource)),
  );
}

/** The text is of one of the forms. */
function parseSource(written: string): SecretSource {
  const at = written.indexOf(":");
  // The pattern admits no other word.
  const from = written.slice(0, at) as SecretSource["from"];
  const place = written.slice(at + 1);
  switch (from) {
    case "env":
    case "ssm":
      return { from, name: place };
    case "file":
      return { from, path: place };
    case "secretsmanager": {
      const [id, jsonKey] = cutAt(place, "#");
      return { from, id, jsonKey };
    }
    case "credstash": {
      const [name, table] = cutAt(place, "@");
      return { from, name, table };
    }
  }
}

function cutAt(place: string, mark: string): readonly [string, string | undefined] {
  const at = place.indexOf(mark);
  return at === -1 ? [place, undefined] : [place.slice(0, at), place.slice(at + 1)];
}

/** A secret's name in credstash, alone. */
export function credstashName(): Kind<SecretSource> {
  const expects = "the name of a secret in credstash";
  const says = { error: expects };
  return lazily({ form: "text", placeholder: "NAME", expects }, () =>
    z.pipe(
      z.string(says).check(z.regex(/^\S+$/, says)),
      z.transform((name): SecretSource => ({ from: "credstash", name, table: undefined })),
    ),
  );
}

/** A source as its setting was written, for people. */
export function formatSecretSource(source: SecretSource): string {
  switch (source.from) {
    case "env":
    case "ssm":
      return `${source.from}:${source.name}`;
    case "file":
      return `file:${source.path}`;
    case "secretsmanager":
      return `secretsmanager:${source.id}${source.jsonKey === undefined ? "" : `#${source.jsonKey}`}`;
    case "credstash":
      return `credstash:${source.name}${source.table === undefined ? "" : `@${source.table}`}`;
  }
}

/** Whose credstash it is, for a program's declaration to spread. */
export const credstashSettings = {
  credstashProfile: setting(text({ pattern: /\S/, expects: "an AWS profile", placeholder: "PROFILE" }), {
    original: "credstash_aws_profile_name",
    says: "AWS profile that reads credstash; unset: the credentials of the run.",
  }),
  credstashRegion: setting(region(), {
    original: "credstash_region",
    says: "Region of credstash's table and key; unset: that of its credentials.",
  }),
} as const;
