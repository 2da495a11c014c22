import { mailAddress } from "../settings/mail-settings.ts";

/**
 * An address in ASCII, as every mail server takes it; a domain in letters of other scripts is written as IDNA has it.
 * Undefined where that can't be: the part before the @ has no such form without SMTPUTF8.
 */
export function asciiAddress(text: string): string | undefined {
  const at = text.lastIndexOf("@");
  const address = `${text.slice(0, Math.max(at, 0))}@${asciiDomain(text.slice(at + 1))}`;
  return mailAddress.test(address) ? address : undefined;
}

function asciiDomain(domain: string): string {
  if (/^\p{ASCII}*$/u.test(domain)) return domain;
  // What else an address of the web can hold is no part of a host's name.
  const address = `http://${domain}`;
  return /^[\p{L}\p{M}\p{N}.-]+$/u.test(domain) && URL.canParse(address) ? new URL(address).hostname : "";
}

export const domainOf = (address: string): string => address.slice(address.lastIndexOf("@") + 1);
