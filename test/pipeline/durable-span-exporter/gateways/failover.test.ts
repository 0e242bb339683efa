import { describe, expect, it } from "vitest";
import { openDiskQueue } from "../../../../src/pipeline/durable-span-exporter/disk/open-disk-queue.ts";
import { scratch } from "../disk/spool.ts";
import { delivered, refused, settled } from "../support.ts";
import { BOUND_MS, endedSpans, frameOf, routed, tracesIn } from "./routed.ts";

const TRACES = 60;
const idsOf = (spans: ReturnType<typeof endedSpans>) => spans.map((span) => span.spanContext().traceId);

/** Ends every request of one endpoint with the same answer, until none comes. */
async function answerAll({ senders }: ReturnType<typeof routed>, index: number, outcome = delivered) {
  for (let i = 0; i < 1_000 && senders[index]!.inFlight > 0; i++) await senders[index]!.answer(outcome);
}

/** Fails until the bound is over, and once more. */
async function goDown(set: ReturnType<typeof routed>, index: number): Promise<void> {
  for (let waited = 0; waited < BOUND_MS; waited += 1_000) {
    await answerAll(set, index, refused);
    await set.timers.advance(1_000);
  }
  await answerAll(set, index, refused);
  await settled();
}

describe("spans for several endpoints", () => {
  it("go each to the one of its trace, and all spans of a trace to the same", async () => {
    const set = routed(3);
    const spans = endedSpans(TRACES);
    await set.add([...spans, ...spans]);
    for (const index of [0, 1, 2]) await answerAll(set, index);
    const ends = [0, 1, 2].map((index) => new Set(set.sentTo(index)));
    expect(ends.reduce((sum, { size }) => sum + size, 0)).toBe(TRACES);
    expect(new Set(ends.flatMap((each) => [...each]))).toEqual(new Set(idsOf(spans)));
    expect(set.counts.snapshot()).toMatchObject({ delivered: 2 * TRACES, inSpool: 0, failovers: 0 });
  });

  it("do not wait for an endpoint that does not answer", async () => {
    const set = routed(2);
    await set.add(endedSpans(TRACES));
    await answerAll(set, 1);
    await set.add(endedSpans(TRACES));
    await answerAll(set, 1);
    expect(set.senders[1]!.sent).toHaveLength(2);
    expect(set.counts.snapshot().inSpool).toBe(2 * TRACES - set.sentTo(1).length);
  });

  it("wait for theirs within the bound", async () => {
    const set = routed(2);
    const spans = endedSpans(TRACES);
    await set.add(spans);
    await answerAll(set, 1);
    await answerAll(set, 0, refused);
    await set.timers.advance(BOUND_MS - 1);
    expect(set.senders[1]!.sent).toHaveLength(1);
    await answerAll(set, 0);
    expect(set.counts.snapshot()).toMatchObject({ delivered: TRACES, inSpool: 0, failovers: 0 });
    expect(set.told.map(({ what }) => what)).toEqual(["failing"]);
  });

  it("go to the next where theirs takes nothing for longer: those that wait, and those that come", async () => {
    const set = routed(2);
    const [waiting, coming] = [endedSpans(TRACES), endedSpans(TRACES)];
    await set.add(waiting);
    await answerAll(set, 1);
    await goDown(set, 0);
    await answerAll(set, 1);
    await set.add(coming);
    await answerAll(set, 1);
    expect(new Set(set.sentTo(1))).toEqual(new Set(idsOf([...waiting, ...coming])));
    expect(set.counts.snapshot()).toMatchObject({ delivered: 2 * TRACES, inSpool: 0, failovers: 2 });
    expect(set.told.filter(({ what }) => what === "given up")).toEqual([
      { url: set.urls[0], what: "given up" },
    ]);
  });

  it("go each to the next of its own trace, where there are more than two", async () => {
    const set = routed(3);
    const spans = endedSpans(TRACES);
    await set.add(spans);
    await goDown(set, 0);
    for (const index of [1, 2, 1, 2]) await answerAll(set, index);
    expect(new Set([...set.sentTo(1), ...set.sentTo(2)])).toEqual(new Set(idsOf(spans)));
    expect(new Set(set.sentTo(1)).intersection(new Set(set.sentTo(2)))).toEqual(new Set());
    expect(set.counts.snapshot()).toMatchObject({ delivered: TRACES, inSpool: 0 });
  });

  it("go to theirs again when it is back", async () => {
    const set = routed(2);
    await set.add(endedSpans(TRACES));
    await goDown(set, 0);
    await answerAll(set, 1);
    const before = set.senders[1]!.sent.length;
    await set.timers.advance(30_000);
    await answerAll(set, 0);
    await set.add(endedSpans(TRACES));
    await answerAll(set, 0);
    await answerAll(set, 1);
    expect(set.senders[1]!.sent).toHaveLength(before + 1);
    const ofIt = set.told.filter(({ url, what }) => url === set.urls[0] && what !== "failing");
    expect(ofIt.map(({ what }) => what)).toEqual(["given up", "back"]);
  });

  it("are asked for by a request without spans: the one that is given up costs no span its time", async () => {
    const set = routed(2);
    await set.add(endedSpans(TRACES));
    await goDown(set, 0);
    const before = set.senders[0]!.sent.length;
    for (let i = 0; i < 5; i++) {
      await set.timers.advance(30_000);
      await answerAll(set, 0, refused);
    }
    expect(set.senders[0]!.sent.slice(before).map(({ spans }) => spans)).toEqual([0, 0, 0, 0, 0]);
  });

  it("leave at once an endpoint that answers probes and takes no spans, and say nothing of it", async () => {
    const set = routed(2);
    await set.add(endedSpans(TRACES));
    await goDown(set, 0);
    await answerAll(set, 1);
    await set.timers.advance(30_000);
    await answerAll(set, 0);
    const told = set.told.length;
    await set.add(endedSpans(TRACES));
    await answerAll(set, 0, refused);
    await answerAll(set, 1);
    expect(set.counts.snapshot()).toMatchObject({ delivered: 2 * TRACES, inSpool: 0 });
    expect(set.told.slice(told).map(({ what }) => what)).not.toContain("back");
  });

  it("stay in the queue where all endpoints are down, and leave it by the first that is back", async () => {
    const set = routed(2);
    await set.add(endedSpans(TRACES));
    for (let waited = 0; waited < 4 * BOUND_MS; waited += 1_000) {
      for (const index of [0, 1]) await answerAll(set, index, refused);
      await set.timers.advance(1_000);
    }
    expect(set.counts.snapshot()).toMatchObject({ inSpool: TRACES, delivered: 0 });
    for (let i = 0; i < 10; i++) {
      await set.timers.advance(30_000);
      await answerAll(set, 0, refused);
      await answerAll(set, 1);
    }
    expect(set.counts.snapshot()).toMatchObject({ inSpool: 0, delivered: TRACES });
  });

  it("are where the counts say at every moment", async () => {
    const set = routed(3);
    const balanced = () => {
      const { created, recovered, delivered, rejected, dropped, inSpool, inMemory } = set.counts.snapshot();
      const gone = Object.values(dropped).reduce((sum, spans) => sum + spans, 0);
      expect(created + recovered).toBe(delivered + rejected + gone + inSpool + inMemory);
    };
    await set.add(endedSpans(TRACES));
    await goDown(set, 2);
    balanced();
    await set.senders[0]!.answer({ kind: "delivered", rejectedSpans: 1 });
    balanced();
    await set.senders[1]!.answer({ kind: "rejected", reason: "rejected", why: "HTTP 400" });
    balanced();
    for (const index of [0, 1, 0, 1]) await answerAll(set, index);
    balanced();
    expect(set.counts.snapshot().inSpool).toBe(0);
  });
});

describe("what an earlier process has left", () => {
  function left(spans: ReturnType<typeof endedSpans>) {
    const directory = scratch();
    const queue = (counts: Parameters<typeof openDiskQueue>[1]) =>
      openDiskQueue({ directory, durability: "none", maxBytes: 2 ** 26, minFreeBytes: 0 }, counts);
    const earlier = queue({ dropped() {}, corrupt() {}, recovered() {} });
    earlier.append(frameOf(spans));
    earlier.closeSync();
    return routed(2, { queue });
  }

  it("is sent in parts to the endpoints of its traces, without being written anew", async () => {
    const spans = endedSpans(TRACES);
    const set = left(spans);
    set.outlet.wake();
    await until(() => set.senders[0]!.inFlight + set.senders[1]!.inFlight === 2);
    for (const index of [0, 1]) await answerAll(set, index);
    await until(() => set.counts.snapshot().frames === 0);
    expect(set.counts.snapshot()).toMatchObject({ recovered: TRACES, delivered: TRACES, inSpool: 0 });
    for (const index of [0, 1])
      for (const trace of set.sentTo(index))
        expect(set.outlet.lanesOf([spanOf(spans, trace)]).has(index + 1)).toBe(true);
    set.queue.closeSync();
  });

  it("keeps the part that was not taken, alone", async () => {
    const spans = endedSpans(TRACES);
    const set = left(spans);
    set.outlet.wake();
    await until(() => set.senders[0]!.inFlight + set.senders[1]!.inFlight === 2);
    await set.senders[0]!.answer(refused);
    await answerAll(set, 1);
    await until(() => set.senders[0]!.inFlight === 1);
    expect(set.counts.snapshot().inSpool).toBe(tracesIn(set.senders[0]!.sent.at(-1)!).length);
    await answerAll(set, 0);
    await until(() => set.counts.snapshot().delivered === TRACES);
    expect(set.counts.snapshot().inSpool).toBe(0);
    set.queue.closeSync();
  });
});

function spanOf(spans: ReturnType<typeof endedSpans>, trace: string) {
  return spans.find((span) => span.spanContext().traceId === trace)!;
}

/** For what waits for the disk, which takes its time on a machine with other work. */
async function until(isSo: () => boolean): Promise<void> {
  await expect.poll(isSo, { interval: 1, timeout: 10_000 }).toBe(true);
}
