import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { SinkReport } from "../programs/span-sink.ts";
import type { SourceReport } from "../programs/span-source.ts";
import { SinkProcess, SourceProcess } from "./processes.ts";

const TOTAL = 100_000;
const LATENCY_MS = 300;
const MOST_MS = 2_100;

interface Course {
  readonly report: SourceReport;
  readonly sink: SinkReport;
  /** Of the first shutdown, and of a second one. */
  readonly tookMs: readonly number[];
  /** What had arrived when the next process had started with the same directory. */
  readonly later: SinkReport;
}

/** All spans end at once, then telemetry is shut down. */
async function course(exporter: "durable" | "stock"): Promise<Course> {
  const directory = await mkdtemp(join(tmpdir(), "agent-otel-shutdown-"));
  const spool = join(directory, "spool");
  try {
    await using sink = await SinkProcess.start({ latencyMs: LATENCY_MS });
    const options = { url: sink.url, exporter, directory: spool, perSecond: 1e9 };
    const tookMs: number[] = [];
    let report: SourceReport;
    let atStop: SinkReport;
    {
      await using source = new SourceProcess({ ...options, total: TOTAL });
      await source.made;
      tookMs.push((await source.stop()).tookMs);
      report = await source.report();
      atStop = await sink.report();
      tookMs.push((await source.stop()).tookMs);
    }
    await using next = new SourceProcess({ ...options, total: 1, first: TOTAL + 1 });
    await next.made;
    while (
      Number((await next.report()).counts?.inSpool) + Number((await next.report()).counts?.inMemory) >
      0
    );
    return { report, sink: atStop, tookMs, later: await sink.report() };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

describe(`a shutdown with ${TOTAL} spans queued, ${LATENCY_MS} ms of latency and a budget of 2 s`, () => {
  let ours: Course;
  beforeAll(async () => {
    ours = await course("durable");
    const { counts } = ours.report;
    console.log(
      `delivered ${counts?.delivered}, left in the directory ${counts?.inSpool}, lost ${TOTAL + 1 - ours.later.unique}; ` +
        `took ${Math.round(ours.tookMs[0] ?? 0)} ms`,
    );
  }, 120_000);

  it("is over in time", () => {
    expect(ours.tookMs[0]).toBeLessThan(MOST_MS);
  });

  it("does nothing the second time", () => {
    expect(ours.tookMs[1]).toBeLessThan(10);
  });

  it("drops nothing", () => {
    expect(ours.report.counts?.dropped).toEqual({});
  });

  it("loses nothing: what was not delivered the next process delivers", () => {
    expect(ours.later.unique).toBe(TOTAL + 1);
  });

  it("would be seen to lose: the stock exporter does", { timeout: 120_000 }, async () => {
    const { sink } = await course("stock");
    console.log(`stock: ${TOTAL - sink.unique} of ${TOTAL} spans lost`);
    expect(sink.unique).toBeLessThan(TOTAL);
  });
});
