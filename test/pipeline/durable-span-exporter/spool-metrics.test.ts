import { describe, expect, it } from "vitest";
import { spoolMetrics } from "../../../src/pipeline/durable-span-exporter/spool-metrics.ts";
import type { SpoolSnapshot } from "../../../src/telemetry/spool/spool-snapshot.ts";

const EMPTY: SpoolSnapshot = {
  created: 0,
  recovered: 0,
  delivered: 0,
  rejected: 0,
  dropped: {},
  inMemory: 0,
  inSpool: 0,
  frames: 0,
  bytes: 0,
  oldestMs: undefined,
  corruptFrames: 0,
  retries: 0,
  failovers: 0,
};

function setUp(delta: boolean) {
  const exporter = { counts: EMPTY };
  const producer = spoolMetrics(exporter, delta);
  return {
    set: (counts: Partial<SpoolSnapshot>) => {
      exporter.counts = { ...exporter.counts, ...counts };
    },
    /** The values of a metric, by reason where it has one. */
    async read(name: string): Promise<Readonly<Record<string, unknown>>> {
      const { resourceMetrics } = await producer.collect();
      const metric = resourceMetrics.scopeMetrics[0]?.metrics.find(
        ({ descriptor }) => descriptor.name === name,
      );
      const points = metric?.dataPoints ?? [];
      return Object.fromEntries(
        points.map(({ attributes, value }) => [attributes["agents.spool.reason"] ?? "", value]),
      );
    },
  };
}

describe("the metrics of the spool", () => {
  it("are totals, where totals are wanted", async () => {
    const { set, read } = setUp(false);
    set({ delivered: 5 });
    await read("agents.spool.delivered");
    set({ delivered: 8 });
    expect(await read("agents.spool.delivered")).toEqual({ "": 8 });
  });

  it("are what came since, where that is wanted", async () => {
    const { set, read } = setUp(true);
    set({ delivered: 5, dropped: { queue_full: 2 } });
    await read("agents.spool.delivered");
    set({ delivered: 8, dropped: { queue_full: 3, corrupt: 1 } });
    expect(await read("agents.spool.dropped")).toMatchObject({ queue_full: 1, corrupt: 1 });
  });

  it("have the reasons that lose most from the start, so that a first loss is an increase", async () => {
    expect(await setUp(false).read("agents.spool.dropped")).toEqual({
      queue_full: 0,
      disk_full: 0,
      rejected: 0,
    });
  });

  it("tell the age of the oldest request in seconds, 0 without one", async () => {
    const { set, read } = setUp(false);
    expect(await read("agents.spool.oldest_age")).toEqual({ "": 0 });
    set({ oldestMs: Date.now() - 10_000 });
    expect((await read("agents.spool.oldest_age"))[""]).toBeGreaterThanOrEqual(10);
  });
});
