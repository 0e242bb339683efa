import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { Outcome, Sender } from "../../../../src/pipeline/durable-span-exporter/delivery.ts";
import type { Frame } from "../../../../src/pipeline/durable-span-exporter/frame-queue.ts";

/** One request as it came over the wire. */
export interface RawRequest {
  /** Request line and headers, in the spelling that was sent. */
  readonly head: string;
  readonly body: Buffer;
  /** From 1, over all connections. */
  readonly nth: number;
  /** From 1, on this connection. */
  readonly nthHere: number;
}

/** Says what to do with a request. It has the connection for itself and may break it. */
export type Script = (request: RawRequest, socket: Socket) => void;

export interface RawServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly RawRequest[];
  /** How many connections were made, and which are still open. */
  readonly connections: number;
  readonly open: ReadonlySet<Socket>;
}

/** A server that speaks only the script's bytes, so that an answer may be as broken as a real one can. */
export async function rawServer(script: Script): Promise<RawServer> {
  const requests: RawRequest[] = [];
  const open = new Set<Socket>();
  let connections = 0;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    connections++;
    open.add(socket);
    socket.on("error", () => {});
    socket.on("end", () => socket.end());
    socket.on("close", () => open.delete(socket));
    onRequests(socket, ({ head, body }, nthHere) => {
      const request = { head, body, nth: requests.length + 1, nthHere };
      requests.push(request);
      script(request, socket);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${portOf(server)}/v1/traces`,
    requests,
    open,
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function onRequests(
  socket: Socket,
  take: (request: { head: string; body: Buffer }, nth: number) => void,
): void {
  let waiting = Buffer.alloc(0);
  let nth = 0;
  socket.on("data", (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk]);
    for (let split = waiting.indexOf("\r\n\r\n"); split >= 0; split = waiting.indexOf("\r\n\r\n")) {
      const head = waiting.subarray(0, split).toString("latin1");
      const end = split + 4 + Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (waiting.length < end) return;
      const body = waiting.subarray(split + 4, end);
      waiting = waiting.subarray(end);
      take({ head, body }, ++nth);
    }
  });
}

/** An answer with the right Content-Length. */
export function answer(
  status: string,
  headers: Record<string, string> = {},
  body: string | Buffer = "",
): Buffer {
  const bytes = Buffer.from(body);
  const all = { "Content-Length": String(bytes.length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\n${lines.join("")}\r\n`), bytes]);
}

export function frameOf(body: Uint8Array | string = "spans", more: Partial<Frame> = {}): Frame {
  return { body: Buffer.from(body), gzip: false, spans: 7, createdMs: 0, ...more };
}

export const never = new AbortController().signal;

/** Sends one frame that nobody aborts. */
export function sendTo(sender: Sender, frame: Frame = frameOf()): Promise<Outcome> {
  return sender.send(frame, never);
}

/** Protobuf by hand: a field with a whole number, or with bytes. Negative numbers as the ten bytes of an int64. */
export function field(number: number, value: bigint | string | Buffer): Buffer {
  if (typeof value === "bigint") return Buffer.concat([varint(BigInt(number) << 3n), varint(value)]);
  const bytes = Buffer.from(value);
  return Buffer.concat([varint((BigInt(number) << 3n) | 2n), varint(BigInt(bytes.length)), bytes]);
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  for (let rest = BigInt.asUintN(64, value); ; rest >>= 7n) {
    if (rest < 0x80n) return Buffer.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 0x7fn) | 0x80);
  }
}

/** The body of a partial success. */
export function partial(rejected: bigint, message?: string): Buffer {
  return field(1, Buffer.concat([field(1, rejected), ...(message === undefined ? [] : [field(2, message)])]));
}
