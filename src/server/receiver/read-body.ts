import { createGunzip, type Gunzip } from "node:zlib";
import type { Ticket } from "./admission.ts";
import { Refusal } from "./answers.ts";

const CHUNK_BYTES = 65_536;

/** Counts what has come, and refuses what is too much before it is kept. */
class Collected {
  readonly #chunks: Uint8Array[] = [];
  readonly #maxBytes: number;
  readonly #ticket: Ticket;
  #bytes = 0;

  constructor(maxBytes: number, ticket: Ticket) {
    this.#maxBytes = maxBytes;
    this.#ticket = ticket;
  }

  add(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) throw tooLarge(this.#maxBytes);
    this.#ticket.take(chunk.length);
    this.#chunks.push(chunk);
  }

  bytes(): Uint8Array {
    return this.#chunks.length === 1
      ? (this.#chunks[0] as Uint8Array)
      : Buffer.concat(this.#chunks, this.#bytes);
  }
}

/**
 * The body of a request, unpacked.
 *
 * @param maxBytes Of what is unpacked, and of what is sent.
 * @throws Refusal where it is too large, or no gzip.
 */
export async function readBody(
  request: Request,
  compression: "identity" | "gzip",
  maxBytes: number,
  ticket: Ticket,
): Promise<Uint8Array> {
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > maxBytes) throw tooLarge(maxBytes);
  const collected = new Collected(maxBytes, ticket);
  if (request.body === null) return collected.bytes();
  if (compression === "identity" && declared > 0) return whole(request.body, declared, ticket);
  if (compression === "identity") await each(request.body, async (chunk) => collected.add(chunk));
  else await unpack(request.body, collected, maxBytes);
  return collected.bytes();
}

/** Straight to where it is to stand. The memory was asked for before anything came, and counts as taken. */
async function whole(
  body: ReadableStream<Uint8Array>,
  declared: number,
  ticket: Ticket,
): Promise<Uint8Array> {
  ticket.take(declared);
  let bytes: Uint8Array | undefined;
  let filled = 0;
  await each(body, async (chunk) => {
    if (filled + chunk.length > declared) throw new Refusal(400, "the body is longer than was declared");
    if (chunk.length === declared) bytes = chunk;
    else {
      bytes ??= Buffer.allocUnsafe(declared);
      bytes.set(chunk, filled);
    }
    filled += chunk.length;
  });
  return bytes?.subarray(0, filled) ?? new Uint8Array(0);
}

/** What `take` throws ends the reading, and the sender is not listened to any more. */
async function each(
  body: ReadableStream<Uint8Array>,
  take: (chunk: Uint8Array) => Promise<void>,
): Promise<void> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        throw new Refusal(400, "the body ended too early");
      });
      if (done) return;
      await take(value);
    }
  } catch (error) {
    // Not awaited: a sender that does not end its body would hold this up.
    reader.cancel().catch(() => {});
    throw error;
  }
}

/** Piece by piece: of what unpacks to too much, no more is unpacked than may be kept. */
async function unpack(
  body: ReadableStream<Uint8Array>,
  collected: Collected,
  maxBytes: number,
): Promise<void> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  const unpacked = drain(gunzip, collected);
  // Is awaited below; until then nobody else would be listening.
  unpacked.catch(() => {});
  let packed = 0;
  try {
    await each(body, async (chunk) => {
      packed += chunk.length;
      if (packed > maxBytes) throw tooLarge(maxBytes);
      if (gunzip.destroyed || !gunzip.write(chunk)) await Promise.race([drained(gunzip), unpacked]);
    });
    gunzip.end();
    await unpacked;
  } finally {
    gunzip.destroy();
  }
}

async function drain(gunzip: Gunzip, collected: Collected): Promise<void> {
  try {
    for await (const chunk of gunzip) collected.add(chunk as Uint8Array);
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(400, "the body is not gzip, or ended too early");
  }
}

function drained(gunzip: Gunzip): Promise<void> {
  return new Promise((resolve) => {
    gunzip.once("drain", resolve);
    gunzip.once("close", resolve);
  });
}

function tooLarge(maxBytes: number): Refusal {
  return new Refusal(413, `the body has more than ${maxBytes} bytes; send smaller batches`);
}
