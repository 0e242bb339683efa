import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Outcome } from "../../../src/pipeline/durable-span-exporter/delivery.ts";
import {
  DeliveryLoop,
  type DeliveryNews,
} from "../../../src/pipeline/durable-span-exporter/delivery-loop.ts";
import { MemoryQueue } from "../../../src/pipeline/durable-span-exporter/memory-queue.ts";
import { SpoolCounts } from "../../../src/pipeline/durable-span-exporter/spool-counts.ts";
import { delivered, frame, ManualTimers, refused, ScriptedSender, settled } from "./support.ts";

function setUp({ maxInFlight = 4, random = 1 } = {}) {
  const counts = new SpoolCounts(() => {});
  const queue = new MemoryQueue(1e9, counts);
  const sender = new ScriptedSender();
  const timers = new ManualTimers();
  const news: DeliveryNews[] = [];
  const loop = new DeliveryLoop({
    queue,
    sender,
    counts,
    maxInFlight,
    report: (each) => void news.push(each),
    random: () => random,
    after: timers.after,
  });
  counts.queue = queue;
  return {
    ...{ counts, queue, sender, timers, news, loop },
    async add(...spans: number[]) {
      for (const each of spans) {
        counts.created += each;
        queue.append(frame(each));
      }
      loop.wake();
      await settled();
    },
  };
}

describe("delivery", () => {
  it("sends what is in the queue, oldest first, so many at a time", async () => {
    const { add, sender } = setUp({ maxInFlight: 2 });
    await add(1, 2, 3);
    expect(sender.sent.map(({ spans }) => spans)).toEqual([1, 2]);
  });

  it("sends the next when one is answered", async () => {
    const { add, sender } = setUp({ maxInFlight: 2 });
    await add(1, 2, 3);
    await sender.answer(delivered);
    expect(sender.sent.map(({ spans }) => spans)).toEqual([1, 2, 3]);
  });

  it("forgets a request only when it is answered", async () => {
    const { add, sender, queue } = setUp();
    await add(5);
    expect(queue.size.spans).toBe(5);
    await sender.answer(delivered);
    expect(queue.size.spans).toBe(0);
  });

  it("counts the spans of a partial success as rejected, and says why", async () => {
    const { add, sender, counts, news } = setUp();
    await add(5);
    await sender.answer({ kind: "delivered", rejectedSpans: 2, message: "too old" });
    expect(counts.snapshot()).toMatchObject({ delivered: 3, rejected: 2 });
    expect(news).toEqual([{ kind: "partial", why: "too old", spans: 2 }]);
  });

  it("counts a refused request as dropped, and goes on", async () => {
    const { add, sender, counts } = setUp({ maxInFlight: 1 });
    await add(5, 1);
    await sender.answer({ kind: "rejected", reason: "rejected", why: "HTTP 400" });
    await sender.answer(delivered);
    expect(counts.snapshot()).toMatchObject({ dropped: { rejected: 5 }, delivered: 1, inSpool: 0 });
  });

  it("drops a request of one span that is too large", async () => {
    const { add, sender, counts } = setUp();
    await add(1);
    await sender.answer({ kind: "too_large", why: "HTTP 413" });
    expect(counts.snapshot()).toMatchObject({ dropped: { too_large: 1 }, inSpool: 0 });
  });
});

describe("a receiver that fails", () => {
  it("gets nothing until the pause is over", async () => {
    const { add, sender, timers } = setUp();
    await add(1);
    await sender.answer(refused);
    await add(2);
    await timers.advance(999);
    expect(sender.sent).toHaveLength(1);
  });

  it("gets one probe, however much waits", async () => {
    const { add, sender, timers } = setUp();
    await add(1, 2, 3, 4);
    for (let i = 0; i < 4; i++) await sender.answer(refused);
    await timers.advance(1_000);
    expect(sender.sent.map(({ spans }) => spans)).toEqual([1, 2, 3, 4, 1]);
  });

  it("gets all at a time again after one success", async () => {
    const { add, sender, timers } = setUp();
    await add(1, 2, 3, 4);
    for (let i = 0; i < 4; i++) await sender.answer(refused);
    await timers.advance(1_000);
    await sender.answer(delivered);
    expect(sender.inFlight).toBe(3);
  });

  it("is left alone longer each time, half a minute at most", async () => {
    const { add, sender, timers } = setUp();
    const pauses: (number | undefined)[] = [];
    await add(1);
    for (let i = 0; i < 8; i++) {
      await sender.answer(refused);
      pauses.push(timers.next);
      await timers.advance(timers.next ?? 0);
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it("counts once where requests fail together", async () => {
    const { add, sender, timers } = setUp();
    await add(1, 2, 3, 4);
    for (let i = 0; i < 4; i++) await sender.answer(refused);
    expect(timers.next).toBe(1_000);
  });

  it("is waited for as long as it asks", async () => {
    const { add, sender, timers } = setUp();
    await add(1);
    await sender.answer({ kind: "retry", why: "HTTP 503", afterMs: 120_000 });
    expect(timers.next).toBe(120_000);
  });

  it("is not asked again at once where it asks for no pause", async () => {
    const { add, sender, timers } = setUp({ random: 0 });
    await add(1);
    await sender.answer({ kind: "retry", why: "HTTP 503", afterMs: 0 });
    expect(timers.next).toBe(100);
  });
});

describe("drain", () => {
  it("ends when all is delivered", async () => {
    const { add, sender, loop } = setUp();
    await add(1, 2);
    const drained = loop.drain(1_000);
    await sender.answer(delivered);
    await sender.answer(delivered);
    expect(await drained).toBe("empty");
  });

  it("ends at once where there is nothing", async () => {
    expect(await setUp().loop.drain(1_000)).toBe("empty");
  });

  it("tries at once also in a pause, and ends with the failure", async () => {
    const { add, sender, loop } = setUp();
    await add(1);
    await sender.answer(refused);
    const drained = loop.drain(1_000);
    await settled();
    await sender.answer(refused);
    expect(await drained).toBe("failing");
    expect(sender.sent).toHaveLength(2);
  });

  it("ends when its time is over", async () => {
    const { add, timers, loop } = setUp();
    await add(1);
    const drained = loop.drain(50);
    await timers.advance(50);
    expect(await drained).toBe("timeout");
  });
});

describe("stop", () => {
  it("leaves what is on its way in the queue", async () => {
    const { add, loop, queue, counts } = setUp();
    await add(3);
    await loop.stop();
    expect(queue.size.spans).toBe(3);
    expect(counts.retries).toBe(0);
  });

  it("closes the sender", async () => {
    const { loop, sender } = setUp();
    await loop.stop();
    expect(sender.closed).toBe(true);
  });
});

const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(delivered) },
  fc.constant<Outcome>({ kind: "delivered", rejectedSpans: 1 }),
  { weight: 3, arbitrary: fc.constant(refused) },
  fc.constant<Outcome>({ kind: "too_large", why: "HTTP 413" }),
  fc.constant<Outcome>({ kind: "rejected", reason: "rejected", why: "HTTP 400" }),
);

describe("whatever the receiver answers", () => {
  it("every span is delivered, rejected, dropped or waiting at any moment, and in the end nothing waits", async () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ spans: fc.integer({ min: 1, max: 9 }) }),
        fc.record({ outcome }),
        fc.record({ advance: fc.integer({ min: 0, max: 40_000 }) }),
      ),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const { add, sender, timers, counts } = setUp({ maxInFlight: 3 });
        for (const step of script) {
          if ("spans" in step) await add(step.spans);
          else if ("outcome" in step) await sender.answer(step.outcome);
          else await timers.advance(step.advance);
          expect(accountedFor(counts)).toBe(counts.created);
        }
        while (counts.snapshot().inSpool > 0) {
          if (sender.inFlight > 0) await sender.answer(delivered);
          else await timers.advance(30_000);
        }
        expect(accountedFor(counts)).toBe(counts.created);
      }),
      { numRuns: 200 },
    );
  });
});

function accountedFor(counts: SpoolCounts): number {
  const { delivered, rejected, dropped, inSpool, inMemory } = counts.snapshot();
  return delivered + rejected + Object.values(dropped).reduce((a, b) => a + b, 0) + inSpool + inMemory;
}
