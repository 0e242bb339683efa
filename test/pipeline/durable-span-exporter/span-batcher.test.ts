import { ROOT_CONTEXT, TraceFlags } from "@opentelemetry/api";
import { detectResources, emptyResource, resourceFromAttributes } from "@opentelemetry/resources";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { describe, expect, it } from "vitest";
import { SpanBatcher } from "../../../src/pipeline/durable-span-exporter/span-batcher.ts";
import { settled } from "./support.ts";

function setUp({ batchSize = 4, resource = emptyResource() } = {}) {
  const batches: number[] = [];
  let ended = 0;
  const batcher = new SpanBatcher(
    {
      ended: () => {
        ended++;
      },
      take: (spans) => void batches.push(spans.length),
      forceFlush: async () => batcher.handAll(),
      shutdown: async () => {},
    },
    { batchSize, batchDelayMs: 3_600_000 },
  );
  const end = (count: number, traceFlags = TraceFlags.SAMPLED) => {
    for (let i = 0; i < count; i++) {
      batcher.onEnd({
        resource,
        spanContext: () => ({ traceId: "", spanId: "", traceFlags }),
      } as ReadableSpan);
    }
  };
  return { batcher, batches, end, ended: () => ended };
}

describe("the batcher", () => {
  it("hands a full batch on in a turn of its own", async () => {
    const { batches, end } = setUp();
    end(4);
    expect(batches).toEqual([]);
    await settled();
    expect(batches).toEqual([4]);
  });

  it("hands one batch on a turn", async () => {
    const { batches, end } = setUp();
    end(9);
    await settled();
    expect(batches).toEqual([4]);
    await settled();
    expect(batches).toEqual([4, 4]);
  });

  it("drops nothing of a burst, and holds four batches at most", () => {
    const { batcher, batches, end } = setUp();
    end(100_003);
    expect(batcher.waiting).toBeLessThan(16);
    batcher.handAll();
    expect(batches.reduce((a, b) => a + b)).toBe(100_003);
  });

  it("makes no batch larger than asked for", () => {
    const { batcher, batches, end } = setUp();
    end(15);
    batcher.handAll();
    expect(batches).toEqual([4, 4, 4, 3]);
  });

  it("leaves spans that are not sampled alone", () => {
    const { batcher, end, ended } = setUp();
    end(3, TraceFlags.NONE);
    batcher.handAll();
    expect(ended()).toBe(0);
  });

  it("hands on what there is before a flush", async () => {
    const { batcher, batches, end } = setUp();
    end(2);
    await batcher.forceFlush();
    expect(batches).toEqual([2]);
  });

  it("waits until the resource is known", async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const resource = resourceFromAttributes({ "host.id": "a" });
    const pending = detectedLater(promise);
    const { batches, end } = setUp({ resource: resource.merge(pending) });
    end(4);
    await settled();
    expect(batches).toEqual([]);
    resolve("b");
    await settled();
    expect(batches).toEqual([4]);
  });

  it("does nothing when a span starts", () => {
    const { batcher } = setUp();
    expect(() => batcher.onStart({} as never, ROOT_CONTEXT)).not.toThrow();
  });
});

function detectedLater(value: Promise<string>) {
  return detectResources({ detectors: [{ detect: () => ({ attributes: { "host.name": value } }) }] });
}
