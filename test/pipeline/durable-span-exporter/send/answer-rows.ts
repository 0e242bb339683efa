import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import type { Outcome } from "../../../../src/pipeline/durable-span-exporter/delivery.ts";
import { answer, field, partial, type Script } from "./support.ts";

/** One answer of a receiver, and what the specification (OTLP 1.11) or HTTP says that it means. */
export interface Row {
  readonly name: string;
  readonly script: Script;
  readonly outcome: Outcome;
}

export const NOW_MS = Date.UTC(2026, 0, 1, 12, 0, 0);

const delivered = (rejectedSpans = 0, message?: string): Outcome =>
  message === undefined
    ? { kind: "delivered", rejectedSpans }
    : { kind: "delivered", rejectedSpans, message };
const retry = (why: string, afterMs?: number): Outcome =>
  afterMs === undefined ? { kind: "retry", why } : { kind: "retry", why, afterMs };
const rejected = (why: string): Outcome => ({ kind: "rejected", reason: "rejected", why });
const redirected = (status: number): Outcome =>
  rejected(`HTTP ${status}: redirects are not followed, give the URL that it leads to`);

/** Writes the bytes and keeps the connection. */
const says =
  (bytes: string | Buffer): Script =>
  (_, socket) =>
    void socket.write(bytes);
/** Writes the bytes and closes the connection. */
const saysAndEnds =
  (bytes: string | Buffer): Script =>
  (_, socket) =>
    void socket.end(bytes);
const status = (code: string, headers?: Record<string, string>, body?: string | Buffer): Script =>
  says(answer(code, headers, body));
const row = (name: string, script: Script, outcome: Outcome): Row => ({ name, script, outcome });

const SUCCESS: readonly Row[] = [
  row("200 without a body", status("200 OK"), delivered()),
  row("200 with an empty partial success", status("200 OK", {}, field(1, "")), delivered()),
  row("202", status("202 Accepted"), delivered()),
  row("204", saysAndEnds("HTTP/1.1 204 No Content\r\n\r\n"), delivered()),
  row("299, a success nobody knows", status("299 Fine"), delivered()),
  row("partial success", status("200 OK", {}, partial(3n, "too old")), delivered(3, "too old")),
  row("partial success without a message", status("200 OK", {}, partial(3n)), delivered(3)),
  row("a warning", status("200 OK", {}, partial(0n, "soon gone")), delivered(0, "soon gone")),
  row("more rejected than sent", status("200 OK", {}, partial(1_000n, "all")), delivered(7, "all")),
  row("fewer than none rejected", status("200 OK", {}, partial(-5n, "odd")), delivered(0, "odd")),
  row("the largest int64 rejected", status("200 OK", {}, partial(2n ** 63n - 1n)), delivered(7)),
  row(
    "fields that a later version adds",
    status("200 OK", {}, Buffer.concat([field(9, 1n), partial(2n), field(10, "new")])),
    delivered(2),
  ),
  row("a damaged body", status("200 OK", {}, Buffer.from([0x0a, 0x7f, 0x08])), delivered()),
  row(
    "a text as the body",
    status("200 OK", { "Content-Type": "text/html" }, "<html>ok</html>"),
    delivered(),
  ),
  row(
    "JSON as the answer",
    status("200 OK", { "Content-Type": "application/json" }, '{"partialSuccess":{"rejectedSpans":"2"}}'),
    delivered(2),
  ),
  row(
    "JSON with a number and without its content type",
    status("200 OK", {}, '{"partialSuccess":{"rejectedSpans":2,"errorMessage":"late"}}'),
    delivered(2, "late"),
  ),
  row("an empty JSON object", status("200 OK", {}, "{}"), delivered()),
  row("gzip", status("200 OK", { "Content-Encoding": "gzip" }, gzipSync(partial(1n))), delivered(1)),
  row("deflate", status("200 OK", { "Content-Encoding": "deflate" }, deflateSync(partial(1n))), delivered(1)),
  row(
    "brotli",
    status("200 OK", { "Content-Encoding": "br" }, brotliCompressSync(partial(1n))),
    delivered(1),
  ),
  row("an unknown encoding", status("200 OK", { "Content-Encoding": "lzma" }, partial(1n)), delivered()),
  row("gzip that is none", status("200 OK", { "Content-Encoding": "gzip" }, partial(1n)), delivered()),
  row(
    "HTTP/1.0, ended by closing",
    saysAndEnds(Buffer.concat([Buffer.from("HTTP/1.0 200 OK\r\n\r\n"), partial(1n)])),
    delivered(1),
  ),
  row(
    "a body that breaks off",
    saysAndEnds(Buffer.concat([Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"), partial(1n)])),
    delivered(),
  ),
  row("chunks with trailers", says(chunked(partial(2n), "X-Checksum: 1\r\n")), delivered(2)),
  row(
    "102 and 103 before the answer",
    says(
      "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    ),
    delivered(),
  ),
  row(
    "4 MiB and a byte",
    status("200 OK", {}, Buffer.alloc(4 * 2 ** 20 + 1)),
    rejected("HTTP 200: the answer is larger than allowed and was discarded"),
  ),
  row(
    "4 MiB and a byte, packed into 4 KiB",
    status("200 OK", { "Content-Encoding": "gzip" }, gzipSync(Buffer.alloc(4 * 2 ** 20 + 1))),
    rejected("HTTP 200: the answer is larger than allowed and was discarded"),
  ),
  row("exactly 4 MiB", status("200 OK", {}, exactly(4 * 2 ** 20)), delivered(1)),
];

const RETRIED: readonly Row[] = [
  row("429", status("429 Too Many Requests"), retry("HTTP 429")),
  row("502", status("502 Bad Gateway", {}, "<h1>Bad gateway</h1>"), retry("HTTP 502: <h1>Bad gateway</h1>")),
  row("503", status("503 Service Unavailable", {}, field(2, "busy")), retry("HTTP 503: busy")),
  row("504", status("504 Gateway Timeout"), retry("HTTP 504")),
  row("429 with seconds", status("429 Slow", { "Retry-After": "12" }), retry("HTTP 429", 12_000)),
  row(
    "503 with a date",
    status("503 Busy", { "Retry-After": "Thu, 01 Jan 2026 12:00:30 GMT" }),
    retry("HTTP 503", 30_000),
  ),
  row(
    "503 with a date in the past",
    status("503 Busy", { "Retry-After": "Thu, 01 Jan 2026 11:59:59 GMT" }),
    retry("HTTP 503"),
  ),
  row("503 for a year", status("503 Busy", { "Retry-After": "31536000" }), retry("HTTP 503", 300_000)),
  row("503 with a fraction", status("503 Busy", { "Retry-After": "1.5" }), retry("HTTP 503", 1_500)),
  row("503 with 0", status("503 Busy", { "Retry-After": "0" }), retry("HTTP 503")),
  row("503 with a negative number", status("503 Busy", { "Retry-After": "-5" }), retry("HTTP 503")),
  row("503 with a list", status("503 Busy", { "Retry-After": "1, 2" }), retry("HTTP 503")),
  row("503 with nonsense", status("503 Busy", { "Retry-After": "soon" }), retry("HTTP 503")),
  row("503 with an empty header", status("503 Busy", { "Retry-After": "" }), retry("HTTP 503")),
  row("502 with seconds", status("502 Bad", { "Retry-After": "3" }), retry("HTTP 502", 3_000)),
  row(
    "503 whose body breaks off",
    saysAndEnds("HTTP/1.1 503 Busy\r\nRetry-After: 2\r\nContent-Length: 99\r\n\r\nhalf"),
    retry("HTTP 503: half", 2_000),
  ),
  row(
    "503 with 5 MiB of text",
    status("503 Busy", {}, "x".repeat(5 * 2 ** 20)),
    retry(`HTTP 503: ${"x".repeat(245)}…`),
  ),
  row("closed without an answer", (_, socket) => socket.end(), retry("socket hang up")),
  row("reset", (_, socket) => socket.resetAndDestroy(), retry("read ECONNRESET")),
  row("half a head", saysAndEnds("HTTP/1.1 200 O"), retry("socket hang up")),
  row(
    "no HTTP at all",
    saysAndEnds("SSH-2.0-OpenSSH_9.2\r\n"),
    retry("Parse Error: Expected HTTP/, RTSP/ or ICE/"),
  ),
  row("zeroes", saysAndEnds(Buffer.alloc(64)), retry("Parse Error: Expected HTTP/, RTSP/ or ICE/")),
  row(
    "a head of 64 KiB",
    saysAndEnds(answer("200 OK", { "X-Long": "x".repeat(65_536) })),
    retry("Parse Error: Header overflow"),
  ),
  row(
    "101",
    saysAndEnds("HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"),
    retry("the connection was closed without an answer"),
  ),
];

const REFUSED: readonly Row[] = [
  row("413", status("413 Content Too Large", {}, field(2, "max 1 MiB")), {
    kind: "too_large",
    why: "HTTP 413: max 1 MiB",
  }),
  row(
    "400 with a Status",
    status("400 Bad Request", {}, Buffer.concat([field(1, 3n), field(2, "no trace id")])),
    rejected("HTTP 400: no trace id"),
  ),
  row(
    "400 with bytes that are no text",
    status("400 Bad Request", {}, Buffer.from([0xff, 0x00, 0x01])),
    rejected("HTTP 400"),
  ),
  row("400 in two lines", status("400 Bad Request", {}, "one\r\n\ttwo\n"), rejected("HTTP 400: one two")),
  row(
    "400 packed",
    status("400 Bad", { "Content-Encoding": "gzip" }, gzipSync("no")),
    rejected("HTTP 400: no"),
  ),
  row("Retry-After on a 400", status("400 Bad", { "Retry-After": "1" }), rejected("HTTP 400")),
  ...[401, 403, 404, 405, 408, 415, 431, 499, 500, 501, 505, 599].map((code) =>
    row(String(code), status(`${code} No`, {}, "no"), rejected(`HTTP ${code}: no`)),
  ),
  row("a status that does not exist", status("799 What"), rejected("HTTP 799")),
  ...[300, 301, 302, 303, 304, 307, 308].map((code) =>
    row(String(code), status(`${code} Moved`, { Location: "/v1/traces" }), redirected(code)),
  ),
];

export const ROWS: readonly Row[] = [...SUCCESS, ...RETRIED, ...REFUSED];

function chunked(body: Buffer, trailers: string): Buffer {
  const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Checksum\r\n\r\n";
  const size = body.length.toString(16);
  return Buffer.concat([Buffer.from(`${head}${size}\r\n`), body, Buffer.from(`\r\n0\r\n${trailers}\r\n`)]);
}

/** A body of so many bytes with one rejected span, filled up by a field that is not known. */
function exactly(bytes: number): Buffer {
  const one = partial(1n);
  return Buffer.concat([one, field(15, Buffer.alloc(bytes - one.length - 5))]);
}
