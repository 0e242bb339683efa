import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { certificate } from "./certificate.ts";

/** Listens on a port of 127.0.0.1, and does harm to who sends there. */
export interface Receiver extends AsyncDisposable {
  readonly url: string;
}

type Answer = (response: ServerResponse, request: IncomingMessage) => unknown;

const MIB = 2 ** 20;
const BIG_MIB = 100;

async function listening(server: Server, scheme = "http"): Promise<Receiver> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Reads each request to its end, then answers. */
function http(answer: Answer): () => Promise<Receiver> {
  return () => listening(createServer(reading(answer)));
}

function reading(answer: Answer) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    response.on("error", () => {});
    request.resume().once("end", () => void answer(response, request));
  };
}

function tcp(connected: (socket: Socket) => void): () => Promise<Receiver> {
  return () => listening(createTcpServer(connected));
}

function status(code: number, headers: Readonly<Record<string, string>> = {}): () => Promise<Receiver> {
  return http((response) => response.writeHead(code, headers).end("no"));
}

async function drip(response: ServerResponse): Promise<void> {
  response.writeHead(200);
  while (!response.destroyed) {
    response.write("\0");
    await setTimeout(1_000);
  }
}

async function flood(response: ServerResponse): Promise<void> {
  const chunk = Buffer.alloc(MIB);
  response.writeHead(200, { "content-length": BIG_MIB * MIB });
  for (let i = 0; i < BIG_MIB && !response.destroyed; i++) {
    if (!response.write(chunk)) await Promise.race([once(response, "drain"), once(response, "close")]);
  }
  response.end();
}

function bomb(): () => Promise<Receiver> {
  let packed: Buffer | undefined;
  return http((response) => {
    packed ??= gzipSync(Buffer.alloc(BIG_MIB * MIB));
    response.writeHead(200, { "content-encoding": "gzip" }).end(packed);
  });
}

async function refusing(): Promise<Receiver> {
  await using gone = await listening(createTcpServer());
  return { url: gone.url, async [Symbol.asyncDispose]() {} };
}

async function untrusted(): Promise<Receiver> {
  const server = createTlsServer(
    certificate() ?? {},
    reading((response) => response.end()),
  );
  server.on("tlsClientError", () => {});
  return listening(server, "https");
}

/** What a receiver can do to who sends to it; the name says what it does. */
export const RECEIVERS = {
  "takes all": http((response) => response.end()),
  "refuses connections": refusing,
  "takes a request and never answers": http(() => {}),
  "takes connections and never reads": tcp((socket) => void socket.pause()),
  "resets connections": tcp((socket) => void socket.once("data", () => socket.resetAndDestroy())),
  "resets connections at once": tcp((socket) => void socket.resetAndDestroy()),
  "answers what is no HTTP": tcp(
    (socket) => void socket.on("data", () => socket.write("\0\x01 otters\r\n\r\n")),
  ),
  "answers 500": status(500),
  "answers 503": status(503),
  "answers 503 with Retry-After: 0": status(503, { "retry-after": "0" }),
  "answers 503 with Retry-After in the past": status(503, { "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT" }),
  "answers 503 with a huge Retry-After": status(503, { "retry-after": "99999999999" }),
  "answers 429": status(429, { "retry-after": "1" }),
  "answers 400": status(400),
  "answers 413": status(413),
  "answers 301": status(301, { location: "http://127.0.0.1:9/v1/traces" }),
  "drips one byte a second": http((response) => void drip(response)),
  "answers 100 MB": http((response) => void flood(response)),
  "answers a gzip bomb": bomb(),
  "closes each connection after its answer": http((response, request) => {
    response.setHeader("connection", "keep-alive");
    response.end(() => request.socket.destroy());
  }),
  "is 300 ms away": http(async (response) => {
    await setTimeout(300);
    response.end();
  }),
  "has a certificate that nobody trusts": untrusted,
} as const satisfies Readonly<Record<string, () => Promise<Receiver>>>;

export type ReceiverName = keyof typeof RECEIVERS;
