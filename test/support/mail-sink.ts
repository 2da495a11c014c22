import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { AddressInfo, Socket } from "node:net";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { type ReadMail, readMail } from "./read-mail.ts";

const data = join(import.meta.dirname, "..", "data", "smtp");
const [cert, key] = ["certificate.pem", "key.pem"].map((name) => readFileSync(join(data, name), "utf8"));

/** What a client has to trust. */
export const sinkCertificate = String(cert);

export interface SunkMail extends ReadMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  /** Whether it came over TLS. */
  readonly isSecret: boolean;
  readonly user: string | undefined;
}

/** The step at which the server says something else than yes, and what. */
export interface MailFault {
  readonly at: "MAIL" | "RCPT" | "DATA";
  /** Of the form `550 5.1.1 no such user`; or the connection is cut once the whole message is there. */
  readonly answer: string | "cut";
}

export interface MailSink {
  readonly port: number;
  readonly mails: readonly SunkMail[];
  /** Recipients of every RCPT TO. */
  readonly asked: readonly string[];
  /** Meets the next message. */
  fail(fault: MailFault): void;
  close(): Promise<void>;
}

export interface MailSinkOptions extends SMTPServerOptions {
  readonly login?: { readonly user: string; readonly password: string };
}

/** A mail server on this machine that keeps what it takes. */
export async function startMailSink({ login, ...options }: MailSinkOptions = {}): Promise<MailSink> {
  const mails: SunkMail[] = [];
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  let fault: MailFault | undefined;
  const refusal = (at: MailFault["at"]): Error | undefined => {
    if (fault?.at !== at || fault.answer === "cut") return undefined;
    const [, responseCode, says] = /^(\d{3}) (.*)$/.exec(fault.answer) ?? [];
    fault = undefined;
    return Object.assign(new Error(says), { responseCode: Number(responseCode) });
  };
  const server = new SMTPServer({
    ...{ cert, key, disableReverseLookup: true, authOptional: login === undefined, closeTimeout: 10 },
    ...options,
    onAuth: ({ username, password }, _session, done) =>
      username === login?.user && password === login?.password
        ? done(null, { user: username })
        : done(Object.assign(new Error("5.7.8 wrong name or password"), { responseCode: 535 })),
    onMailFrom: (_address, _session, done) => done(refusal("MAIL")),
    onRcptTo: ({ address }, _session, done) => {
      asked.push(address);
      done(refusal("RCPT"));
    },
    onData: async (stream, { envelope, secure, user }, done) => {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      const refused = refusal("DATA");
      if (refused !== undefined) return done(refused);
      const raw = Buffer.concat(chunks).toString();
      const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
      const to = envelope.rcptTo.map(({ address }) => address);
      mails.push({ ...readMail(raw), from, to, raw, isSecret: secure, user });
      if (fault === undefined) return done();
      fault = undefined;
      for (const socket of sockets) socket.destroy();
    },
  });
  // A client that goes away is its own business.
  server.on("error", () => {});
  const listener = server.listen(0, "127.0.0.1");
  listener.on("connection", (socket) => sockets.add(socket));
  await once(listener, "listening");
  return {
    ...{ port: portOf(listener), mails, asked },
    fail: (next) => {
      fault = next;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** A server that says these lines, one after each that the client says; undefined: it hangs up, `null`: it says nothing more. */
export async function startScriptedServer(script: readonly (string | null | undefined)[]) {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const lines = [...script];
    const answer = () => {
      const line = lines.shift();
      if (line === undefined) socket.destroy();
      else if (line !== null) socket.write(`${line}\r\n`);
    };
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      heard.push(String(chunk));
      answer();
    });
    answer();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  };
  return { port: portOf(server), heard, close };
}

/** It listens on a port. */
const portOf = (server: Server): number => (server.address() as AddressInfo).port;
