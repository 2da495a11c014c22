import { X509Certificate } from "node:crypto";
import { messageOf, OpsError } from "../core/errors.ts";
import { type Millis, minutes, seconds } from "../core/time.ts";
import type { SnsEnvelope } from "../host-events/event.ts";
import { quoteForeign } from "../host-events/foreign-json.ts";
import type { SignatureEvidence } from "./believe.ts";
import { checkSignature } from "./sns-signature.ts";

export type FetchCertificate = (
  url: string,
  options: { readonly signal: AbortSignal; readonly redirect: "error" },
) => Promise<Response>;

export interface SnsCertificates {
  /** Throws only once the run is stopped. */
  check(envelope: SnsEnvelope): Promise<SignatureEvidence>;
}

interface CertificatesRequest {
  readonly clock: () => Millis;
  readonly stop: AbortSignal;
  /** The network; tests put their own here. */
  readonly fetchCertificate?: FetchCertificate;
  readonly timeout?: Millis;
}

/** Where SNS keeps its certificates, in every partition of the open internet; AWS alone can put files there. */
const address =
  /^https:\/\/sns\.[a-z]{2,8}(?:-[a-z]{2,12}){1,3}-\d{1,2}\.amazonaws\.(?:com(?:\.cn)?|eu)\/SimpleNotificationService-[0-9a-f]{16,64}\.pem$/;

/** They have some 2 kB. */
const largest = 65_536;

/** SNS has one for each region; whoever makes up more only pushes out what he made up. */
const mostKept = 64;

const askedAgainAfter = minutes(1);

interface Kept {
  readonly at: Millis;
  readonly certificate: Promise<string>;
  hasFailed: boolean;
}

/** Checks notifications of SNS, each certificate being fetched once. */
export function openSnsCertificates(request: CertificatesRequest): SnsCertificates {
  const { clock, stop } = request;
  const kept = new Map<string, Kept>();

  function load(url: string): Promise<string> {
    const known = kept.get(url);
    if (known !== undefined && (!known.hasFailed || clock() - known.at < askedAgainAfter)) return known.certificate;
    const entry: Kept = { at: clock(), certificate: fetchOnce(url, request), hasFailed: false };
    entry.certificate.catch(() => {
      entry.hasFailed = true;
    });
    kept.delete(url);
    kept.set(url, entry);
    const [oldest] = kept.keys();
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
    return entry.certificate;
  }

  return {
    async check(envelope) {
      const { certificateUrl: url } = envelope;
      if (!address.test(url)) return { is: "invalid", says: `${quoteForeign(url)} is no certificate of SNS` };
      try {
        return checkSignature(envelope, await load(url));
      } catch (thrown) {
        stop.throwIfAborted();
        return { is: "unread", says: messageOf(thrown) };
      }
    },
  };
}

async function fetchOnce(url: string, request: CertificatesRequest): Promise<string> {
  const { stop, fetchCertificate = fetch, timeout = seconds(5) } = request;
  const hurry = new AbortController();
  const abort = () => hurry.abort(stop.reason);
  const timer = setTimeout(() => hurry.abort(new Error(`no answer within ${timeout} ms`)), timeout);
  stop.addEventListener("abort", abort, { once: true });
  try {
    stop.throwIfAborted();
    const response = await fetchCertificate(url, { signal: hurry.signal, redirect: "error" });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const certificate = await readText(response);
    // One that can't be read is thrown away like one that was not answered.
    new X509Certificate(certificate);
    return certificate;
  } catch (thrown) {
    const cause = hurry.signal.aborted ? hurry.signal.reason : thrown;
    throw new OpsError("unreachable", `certificate ${url}: ${messageOf(cause)}`, { cause: thrown });
  } finally {
    clearTimeout(timer);
    stop.removeEventListener("abort", abort);
  }
}

async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > largest) throw new Error(`longer than ${largest} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
