import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { httpSender } from "../../../../src/pipeline/durable-span-exporter/send/http-sender.ts";
import { readPartialSuccess } from "../../../../src/pipeline/durable-span-exporter/send/partial-success.ts";
import { answer, field, partial, rawServer, sendTo } from "./support.ts";

const TIMEOUT_MS = 250;
const RUNS = 2_000;

const SEEDS: readonly Buffer[] = [
  answer("200 OK", {}, partial(3n, "some")),
  answer("200 OK", { "Content-Encoding": "gzip" }, gzipSync(partial(3n, "some"))),
  answer("503 Busy", { "Retry-After": "3" }, field(2, "busy")),
  answer("400 Bad Request", { "Keep-Alive": "timeout=5" }, Buffer.concat([field(1, 3n), field(2, "no")])),
  Buffer.from("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n\n\x00\r\n0\r\nX: y\r\n\r\n"),
  Buffer.from("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 204 No Content\r\nConnection: close\r\n\r\n"),
  Buffer.from("HTTP/1.1 307 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"),
  Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 38\r\n\r\n{"partialSuccess":{"rejectedSpans":"4"}}'),
];

/** Changes, drops, doubles or puts in some bytes, at places and with values that a run of fast-check chooses. */
const mutated = fc
  .tuple(
    fc.constantFrom(...SEEDS),
    fc.array(
      fc.record({
        at: fc.nat(400),
        kind: fc.constantFrom("change", "drop", "double", "insert"),
        length: fc.integer({ min: 1, max: 40 }),
        bytes: fc.oneof(
          fc.uint8Array({ minLength: 1, maxLength: 8 }),
          fc.constantFrom("\r\n", "\0", "-1", "999999999", ": ").map((t) => Buffer.from(t)),
        ),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  )
  .map(([seed, changes]) =>
    changes.reduce((bytes, { at, kind, length, bytes: put }) => {
      const from = at % (bytes.length + 1);
      const [head, cut, tail] = [
        bytes.subarray(0, from),
        bytes.subarray(from, from + length),
        bytes.subarray(from + length),
      ];
      if (kind === "drop") return Buffer.concat([head, tail]);
      if (kind === "double") return Buffer.concat([head, cut, cut, tail]);
      return Buffer.concat([head, put, kind === "insert" ? cut : cut.subarray(put.length), tail]);
    }, seed),
  );

describe("a mutated answer", () => {
  it(`always has an outcome, in time and without an exception, ${RUNS} times`, async () => {
    const thrown: unknown[] = [];
    const caught = (error: unknown) => thrown.push(error);
    process.on("uncaughtException", caught).on("unhandledRejection", caught);
    let next: { readonly bytes: Buffer; readonly end: boolean } = { bytes: Buffer.alloc(0), end: true };
    await using server = await rawServer((_, socket) => {
      socket.write(next.bytes);
      if (next.end) socket.end();
    });
    const sender = httpSender({ url: server.url, timeoutMs: TIMEOUT_MS });
    const kinds = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(mutated, fc.integer({ min: 0, max: 19 }), async (bytes, nth) => {
        // Where the server does not close, an answer without an end takes the whole time: one in twenty.
        next = { bytes, end: nth > 0 };
        const startMs = performance.now();
        const outcome = await sendTo(sender);
        kinds.set(outcome.kind, (kinds.get(outcome.kind) ?? 0) + 1);
        expect(["delivered", "retry", "too_large", "rejected"]).toContain(outcome.kind);
        if (outcome.kind === "delivered")
          expect(outcome.rejectedSpans).toSatisfy((n: number) => n >= 0 && n <= 7);
        if (outcome.kind === "retry")
          expect(outcome.afterMs ?? 1).toSatisfy((ms: number) => ms > 0 && ms <= 300_000);
        expect(performance.now() - startMs).toBeLessThan(TIMEOUT_MS * 4);
      }),
      { numRuns: RUNS },
    );
    sender.close();
    await new Promise(setImmediate);
    process.off("uncaughtException", caught).off("unhandledRejection", caught);
    expect(thrown).toEqual([]);
    // Else the mutations would be all of one kind, and prove little.
    expect(kinds.size, JSON.stringify([...kinds])).toBeGreaterThanOrEqual(3);
  });
});

describe("a body of a success", () => {
  it("is read as it was written, whatever the numbers and texts are", () => {
    const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(int64, fc.string({ unit: "grapheme" }), (rejectedSpans, message) => {
        expect(readPartialSuccess(partial(rejectedSpans, message))).toEqual({ rejectedSpans, message });
      }),
      { numRuns: 1_000 },
    );
  });

  it("that is any bytes is read without an exception", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(typeof readPartialSuccess(bytes).rejectedSpans).toBe("bigint");
      }),
      { numRuns: 5_000 },
    );
  });

  it("of 4 MiB that is made to be slow is read in less than 150 ms", () => {
    const tiny = Buffer.alloc(4 * 2 ** 20, Buffer.from([0x08, 0x01]));
    const nested = Buffer.concat([field(1, tiny), field(1, tiny)]);
    const digits = Buffer.from(`{"partialSuccess":{"rejectedSpans":"${"9".repeat(4 * 2 ** 20)}"}}`);
    const deep = Buffer.from(`{"a":${"[".repeat(2 ** 21)}${"]".repeat(2 ** 21)}}`);
    const startMs = performance.now();
    for (const body of [tiny, nested, digits, deep]) readPartialSuccess(body);
    expect(performance.now() - startMs).toBeLessThan(150);
  });
});
