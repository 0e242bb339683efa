import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { describe, expect, it, onTestFinished } from "vitest";
import { durableSpanExporter } from "../../src/pipeline/durable-span-exporter/durable-span-exporter.ts";
import type {
  UndeliverableBatch,
  UndeliverableListener,
} from "../../src/pipeline/durable-span-exporter/undeliverable.ts";
import { spanIds } from "../faults/programs/span-ids.ts";
import { spanSink } from "../pipeline/durable-span-exporter/span-sink.ts";
import { queueWith, temporaryFolder } from "./letters/letter-fixture.ts";

/** A server that has the same answer for all. */
async function serverThatSays(status: number): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.writeHead(status).end("no such tenant"));
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
}

async function exportTo(url: string, onUndeliverable: UndeliverableListener, bytes = 10, directory?: string) {
  const exporter = durableSpanExporter({
    url,
    onUndeliverable,
    ...(directory !== undefined && { directory }),
  });
  const tracer = new TracerProvider({ spanProcessors: [exporter.processor] }).getTracer("test");
  for (let i = 0; i < 3; i++) tracer.startSpan("work", { attributes: { text: "x".repeat(bytes) } }).end();
  await exporter.stop();
  return exporter.counts;
}

describe("spans that a receiver has refused for good", () => {
  it.each([undefined, "gzip"])(
    "go into a dead letter queue, and from there to where they are taken (%s)",
    async (kind) => {
      const { queue } = queueWith();
      const adding: Promise<unknown>[] = [];
      const directory = kind === undefined ? undefined : temporaryFolder();
      await exportTo(
        await serverThatSays(400),
        (batch) => {
          adding.push(
            queue.add({
              taskType: "export spans",
              payload: { ...batch, body: batch.body ?? null },
              error: batch.why,
              attempts: 1,
              reason: "undeliverable",
            }),
          );
        },
        10,
        directory,
      );
      await Promise.all(adding);
      const [letter] = await queue.list();
      expect(letter).toMatchObject({
        reason: "undeliverable",
        payload: { reason: "rejected", spans: 3, gzip: kind === "gzip" },
        error: { message: expect.stringContaining("400") },
      });
      await using sink = await spanSink();
      await queue.replay(letter!.id, async (payload) => {
        const { body, gzip } = payload as UndeliverableBatch;
        const headers = {
          "content-type": "application/x-protobuf",
          ...(gzip && { "content-encoding": "gzip" }),
        };
        const url = `${sink.url}/v1/traces`;
        const { ok } = await fetch(url, { method: "POST", headers, body: Buffer.from(body!, "base64") });
        if (!ok) throw new Error("refused again");
      });
      expect(sink.bodies.flatMap((body) => [...spanIds(body)])).toHaveLength(3);
      expect((await queue.summary()).unresolved).toBe(0);
    },
  );

  it("are told without their body where that is too large for a letter", async () => {
    const told: UndeliverableBatch[] = [];
    await exportTo(await serverThatSays(400), (batch) => told.push(batch), 400_000);
    expect(told).toMatchObject([{ reason: "rejected", spans: 3, body: undefined }]);
    expect(told[0]!.bytes).toBeGreaterThan(1_200_000);
  });

  it("are counted all the same where the listener throws or rejects", async () => {
    const url = await serverThatSays(403);
    const counts = [
      await exportTo(url, () => {
        throw new Error("no");
      }),
      await exportTo(url, async () => {
        throw new Error("no");
      }),
    ];
    expect(counts).toMatchObject([{ dropped: { rejected: 3 } }, { dropped: { rejected: 3 } }]);
  });

  it("are not told while they may still be taken", async () => {
    const told: unknown[] = [];
    await exportTo(await serverThatSays(503), (batch) => told.push(batch));
    expect(told).toEqual([]);
  });

  it("need a function to be told to", () => {
    expect(() => durableSpanExporter({ url: "http://a/", onUndeliverable: 7 as never })).toThrow(
      "onUndeliverable",
    );
  });
});
