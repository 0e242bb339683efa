// A receiver of OTLP spans in a process of its own, so that it can be killed or stopped. Spans carry a running number as id:
// it says how many have arrived, and how many twice. Arguments: port, milliseconds before each answer, and a file in which it
// notes what it has before it answers, so that the next one on the port knows it.
import { openSync, readFileSync, writeSync } from "node:fs";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { spanIds } from "./span-ids.ts";

/** What the process tells when it is asked. */
export interface SinkReport {
  readonly unique: number;
  readonly duplicates: number;
  readonly requests: number;
}

const [port = "0", latencyMs = "0", file = ""] = process.argv.slice(2);
const notes = file === "" ? undefined : openSync(file, "a+");
const seen = new Set<bigint>(notes === undefined ? [] : new BigUint64Array(noted(file)));
let duplicates = 0;
let requests = 0;

const server = createServer(async (request, response) => {
  const body = await buffer(request).catch(() => undefined);
  // The sender has gone away in the middle.
  if (body === undefined) return;
  requests++;
  const plain = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
  const ids = [...spanIds(plain)];
  if (notes !== undefined) writeSync(notes, new BigUint64Array(ids));
  for (const id of ids) {
    if (seen.has(id)) duplicates++;
    else seen.add(id);
  }
  if (latencyMs !== "0") await setTimeout(Number(latencyMs));
  response.writeHead(200).end();
});
server.listen(Number(port), "127.0.0.1", () => process.send?.(server.address()));
process.on("message", () => process.send?.({ unique: seen.size, duplicates, requests } satisfies SinkReport));
process.on("disconnect", () => process.exit());

/** Whole ids only: the last note may have been cut short. */
function noted(path: string): ArrayBuffer {
  const bytes = new Uint8Array(readFileSync(path));
  return bytes.buffer.slice(0, bytes.byteLength - (bytes.byteLength % 8));
}
