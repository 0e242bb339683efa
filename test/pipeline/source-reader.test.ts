import { describe, expect, it } from "vitest";
import { SourceReader } from "../../src/pipeline/source-reader.ts";
import { HistogramCell } from "../../src/telemetry/call-metrics/cells.ts";
import { MetricSources, type SourceInstrument } from "../../src/telemetry/metric-sources.ts";

function setUp() {
  const sources = new MetricSources();
  const now = { total: 0, level: 0 };
  const base = { name: "a", unit: "1", description: "", whole: true };
  sources.add(() => [
    { ...base, kind: "counter", points: [{ attributes: { x: "1" }, value: now.total }] },
    { ...base, name: "b", kind: "gauge", points: [{ attributes: {}, value: now.level }] },
  ]);
  return { sources, now };
}

const values = (instruments: readonly SourceInstrument[]) =>
  instruments.map(({ points }) => (points[0] as { readonly value?: number } | undefined)?.value);

describe("a reader of sources", () => {
  it("that wants totals gets them each time", () => {
    const { sources, now } = setUp();
    const reader = new SourceReader(sources, false);
    now.total = 5;
    reader.read();
    expect(values(reader.read())).toEqual([5, 0]);
  });

  it("that wants changes gets what was counted since it last asked, and gauges as they are", () => {
    const { sources, now } = setUp();
    const reader = new SourceReader(sources, true);
    const read: unknown[] = [];
    for (const [total, level] of [
      [5, 2],
      [5, 2],
      [9, 1],
    ] as const) {
      Object.assign(now, { total, level });
      read.push(values(reader.read()));
    }
    expect(read).toEqual([
      [5, 2],
      [0, 2],
      [4, 1],
    ]);
  });

  it("does not take from another reader what that one has not seen", () => {
    const { sources, now } = setUp();
    const [one, other] = [new SourceReader(sources, true), new SourceReader(sources, true)];
    now.total = 5;
    one.read();
    expect(values(other.read())).toEqual([5, 0]);
  });

  it("that wants changes gets of a histogram what was observed since, while the source counts on", () => {
    const sources = new MetricSources();
    const cell = new HistogramCell([10]);
    const base = { kind: "histogram", name: "a", unit: "s", description: "", whole: false } as const;
    sources.add(() => [{ ...base, points: [{ attributes: {}, cell }] }]);
    const reader = new SourceReader(sources, true);
    cell.observe(5);
    const first = reader.read();
    cell.observe(50);
    expect([first, reader.read()]).toMatchObject([
      [{ points: [{ cell: { counts: [1, 0], count: 1, sum: 5 } }] }],
      [{ points: [{ cell: { counts: [0, 1], count: 1, sum: 50 } }] }],
    ]);
  });
});
