import type { Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import type { Test } from "tap";

interface DynaliteOptions {
  readonly createTableMs: number;
  readonly updateTableMs: number;
  readonly deleteTableMs: number;
}

/** dynalite brings no types. */
const createDynalite: (options: DynaliteOptions) => Server = createRequire(import.meta.url)("dynalite");

export interface Dynalite {
  readonly url: string;
  /** For a child process, behind the variables of the offline AWS: DynamoDB alone goes here. */
  readonly environment: { readonly AWS_ENDPOINT_URL_DYNAMODB: string };
}

/** A DynamoDB in memory that ends with its test. Tables are there at once; nothing in it ever expires. */
export async function startDynalite(t: Test): Promise<Dynalite> {
  const server = createDynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  // A TCP server that listens has an address of this form.
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return { url, environment: { AWS_ENDPOINT_URL_DYNAMODB: url } };
}
