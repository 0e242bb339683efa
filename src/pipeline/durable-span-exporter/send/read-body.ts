import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import { ByteCollector } from "./byte-collector.ts";

/** `too_long`: more than the limit, as it came or unpacked. `broken`: damaged, or its end never came. */
export interface Body {
  readonly state: "whole" | "too_long" | "broken";
  /** What there is of it; unpacked where the state is `whole`. */
  readonly bytes: Uint8Array;
}

type Unpack = (packed: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Uint8Array>;

const UNPACK: ReadonlyMap<string, Unpack> = new Map([
  ["gzip", promisify(gunzip)],
  ["x-gzip", promisify(gunzip)],
  ["deflate", promisify(inflate)],
  ["br", promisify(brotliDecompress)],
]);

/**
 * Reads the body of an answer, at most `limit` bytes of it, unpacked too. The connection of an answer that is longer is
 * closed, and not read to its end.
 *
 * @param ended Aborts when there is no more time.
 * @returns Never rejects.
 */
export async function readBody(answer: IncomingMessage, limit: number, ended: AbortSignal): Promise<Body> {
  const body = await received(answer, limit, ended);
  const encoding = answer.headers["content-encoding"]?.trim().toLowerCase() ?? "";
  if (body.state !== "whole" || body.bytes.length === 0) return body;
  return encoding === "" || encoding === "identity" ? body : unpacked(body.bytes, encoding, limit);
}

function received(answer: IncomingMessage, limit: number, ended: AbortSignal): Promise<Body> {
  const { promise, resolve } = Promise.withResolvers<Body>();
  const collected = new ByteCollector(limit);
  const finish = (state: Body["state"]) => resolve({ state, bytes: collected.bytes });
  answer.on("data", (chunk: Buffer) => {
    if (collected.add(chunk)) return;
    finish("too_long");
    answer.destroy();
  });
  answer.once("end", () => finish("whole"));
  // Stays for good: a connection may break after its answer was read.
  answer.on("error", () => finish("broken"));
  answer.once("close", () => finish("broken"));
  ended.addEventListener("abort", () => finish("broken"), { once: true });
  if (ended.aborted) finish("broken");
  return promise;
}

async function unpacked(packed: Uint8Array, encoding: string, limit: number): Promise<Body> {
  const unpack = UNPACK.get(encoding);
  const broken: Body = { state: "broken", bytes: packed };
  if (unpack === undefined) return broken;
  try {
    return { state: "whole", bytes: await unpack(packed, { maxOutputLength: limit }) };
  } catch (error) {
    const tooLong = error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
    return tooLong ? { state: "too_long", bytes: packed } : broken;
  }
}
