import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { PortInUseError } from "../../errors/port-in-use-error.ts";
import { reportFailure } from "../../internal/warn-once.ts";
import { problemResponse } from "../problem.ts";
import { limitConnections } from "./connection-limit.ts";

export type FetchHandler = (request: Request) => Response | Promise<Response>;

export interface Listening {
  /** The port, also where 0 was asked for. */
  readonly port: number;
  /** Ends idle connections at once, and others after `graceMs`. */
  close(graceMs?: number): Promise<void>;
}

export interface ListenOptions {
  /** 0: any that is free. */
  readonly port: number;
  /** Which option of the command chooses the port. */
  readonly option: string;
  readonly maxConnections: number;
}

/** A client that sends slower than this, by mistake or by will, does not hold a connection for longer. */
const LIMITS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 5_000,
} as const;

/**
 * Answers HTTP on this machine alone: on 127.0.0.1, and on ::1 where there is one, since `localhost` may be either.
 *
 * @throws PortInUseError; what else the system says.
 */
export async function listenOnLoopback(fetch: FetchHandler, options: ListenOptions): Promise<Listening> {
  const first = serverOf(fetch, options);
  const port = await bind(first, "127.0.0.1", options.port, options.option);
  const second = serverOf(fetch, options);
  const servers = (await alsoOnSix(second, port)) ? [first, second] : [first];
  return {
    port,
    async close(graceMs = 1_000) {
      await Promise.all(servers.map((server) => closed(server, graceMs)));
    },
  };
}

function serverOf(fetch: FetchHandler, { maxConnections }: ListenOptions): Server {
  const listener = getRequestListener((request) => answer(fetch, request), {
    overrideGlobalObjects: false,
    // What is left is what was asked for: an address that is none.
    errorHandler: () => problemResponse(400, "the request has no address that can be read"),
  });
  const server = createServer(LIMITS, (request, response) => void listener(request, response));
  limitConnections(server, maxConnections);
  return server;
}

async function answer(fetch: FetchHandler, request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    reportFailure("answering a request", error);
    return problemResponse(503, "this cannot be answered now");
  }
}

async function bind(server: Server, host: string, port: number, option: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once("error", reject);
  server.listen({ host, port, exclusive: true }, () => {
    server.off("error", reject);
    const address = server.address();
    resolve(typeof address === "object" && address !== null ? address.port : port);
  });
  try {
    return await promise;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") throw new PortInUseError(port, option);
    throw error;
  }
}

/** Not every machine has IPv6, and whoever has the port there is not in the way of 127.0.0.1. */
async function alsoOnSix(server: Server, port: number): Promise<boolean> {
  try {
    await bind(server, "::1", port, "");
    return true;
  } catch {
    return false;
  }
}

async function closed(server: Server, graceMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await promise;
  clearTimeout(timer);
}
