import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Readable } from "node:stream";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import type { Secret } from "../core/secret.ts";
import { type Millis, seconds } from "../core/time.ts";
import type { SmtpTls } from "../settings/mail-settings.ts";

export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly tls: SmtpTls;
  /** Certificates that are trusted in place of Node's own. */
  readonly ca?: string;
  readonly login: { readonly user: string; readonly password: Secret } | undefined;
}

export interface Envelope {
  readonly from: string;
  readonly to: string;
  readonly raw: Buffer;
}

interface Sending {
  /** Aborted: the connection is closed wherever it stands. */
  readonly signal: AbortSignal;
  readonly timeout: Millis;
  /** Called when the server has taken the envelope, and the message itself begins to go out. */
  readonly onBegun: () => void;
}

/** Hands one message to the server over a connection of its own; resolves when the server has taken it. */
export async function sendMail(server: MailServer, envelope: Envelope, sending: Sending): Promise<void> {
  const socket = await openSocket(server, sending.signal);
  const connection = openConnection(server, socket, sending.timeout);
  try {
    await Promise.race([failureOf(connection, sending.signal), converse(connection, server, { envelope, ...sending })]);
    // Nobody waits for the answer: the message is taken.
    connection.quit();
  } finally {
    connection.close();
  }
}

/** Not left to nodemailer, which asks name servers without regard to the host's own names. */
async function openSocket({ host, port }: MailServer, signal: AbortSignal): Promise<Socket> {
  const socket = connect({ host, port });
  try {
    await once(socket, "connect", { signal });
    return socket;
  } catch (thrown) {
    socket.destroy();
    throw signal.aborted ? signal.reason : Object.assign(Object(thrown), { code: "ESOCKET" });
  }
}

const openConnection = ({ host, port, tls, ca }: MailServer, connection: Socket, timeout: Millis): SMTPConnection =>
  new SMTPConnection({
    ...{ host, port, connection, secure: tls === "tls", requireTLS: tls === "starttls", ignoreTLS: tls === "none" },
    ...{ connectionTimeout: timeout, greetingTimeout: timeout, socketTimeout: timeout, socketCloseTimeout: seconds(1) },
    maxResponseSize: 64 * 1024,
    ...(ca === undefined ? {} : { tls: { ca } }),
  });

/** What may come at any time; an answer that is awaited then never comes. */
function failureOf(connection: SMTPConnection, signal: AbortSignal): Promise<never> {
  const failed = new Promise<never>((_resolve, reject) => {
    connection.on("error", reject);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    if (signal.aborted) reject(signal.reason);
  });
  // It may come when nobody asks any more.
  failed.catch(() => {});
  return failed;
}

interface Conversation extends Pick<Sending, "onBegun"> {
  readonly envelope: Envelope;
}

async function converse(
  connection: SMTPConnection,
  { login }: MailServer,
  { envelope, onBegun }: Conversation,
): Promise<void> {
  await answered((done) => connection.connect(done));
  if (login !== undefined) {
    if (!connection.allowsAuth) throw Object.assign(new Error("offers no way to sign in"), { code: "EAUTH" });
    const credentials = { user: login.user, pass: login.password.reveal() };
    await answered((done) => connection.login({ credentials }, done));
  }
  const { from, to, raw } = envelope;
  const body = Readable.from(inPieces(raw, onBegun));
  await answered((done) => connection.send({ from, to, size: raw.length }, body, done));
}

/** Asked for the first piece when the server has said that it will take them. */
function* inPieces(raw: Buffer, onBegun: () => void): Generator<Buffer> {
  onBegun();
  yield raw;
}

const answered = (ask: (done: (failure?: Error | null) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    ask((failure) => (failure ? reject(failure) : resolve()));
  });
