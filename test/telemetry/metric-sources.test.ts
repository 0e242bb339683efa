import { describe, expect, it } from "vitest";
import { HistogramCell } from "../../src/telemetry/call-metrics/cells.ts";
import type { CounterInstrument, GaugeInstrument } from "../../src/telemetry/call-metrics/instrument.ts";
import { MetricSources } from "../../src/telemetry/metric-sources.ts";

function counter(name: string, value: number, attributes: Record<string, string> = {}): CounterInstrument {
  return { kind: "counter", name, unit: "1", description: "", whole: true, points: [{ attributes, value }] };
}

function gauge(name: string, value: number): GaugeInstrument {
  return { ...counter(name, value), kind: "gauge" };
}

describe("sources of metrics", () => {
  it("are read when somebody collects", () => {
    const sources = new MetricSources();
    let value = 1;
    sources.add(() => [counter("a", value)]);
    value = 7;
    expect(sources.collect()).toEqual([counter("a", 7)]);
  });

  it("that tell of the same series are one: counters are added up", () => {
    const sources = new MetricSources();
    sources.add(() => [counter("a", 1, { x: "1", y: "2" })]);
    sources.add(() => [counter("a", 2, { y: "2", x: "1" })]);
    expect(sources.collect()).toEqual([counter("a", 3, { x: "1", y: "2" })]);
  });

  it("that tell of the same gauge give the largest", () => {
    const sources = new MetricSources();
    for (const value of [1, 0]) sources.add(() => [gauge("a", value)]);
    expect(sources.collect()).toEqual([gauge("a", 1)]);
  });

  it("of one metric with different attributes are points of one instrument", () => {
    const sources = new MetricSources();
    for (const x of ["1", "2"]) sources.add(() => [counter("a", 1, { x })]);
    expect(sources.collect()).toMatchObject([
      { points: [{ attributes: { x: "1" } }, { attributes: { x: "2" } }] },
    ]);
  });

  it("that tell of the same histogram are added up, and their own cells stay as they are", () => {
    const sources = new MetricSources();
    const cells = [5, 50].map((value) => {
      const cell = new HistogramCell([10]);
      cell.observe(value);
      return cell;
    });
    const base = { kind: "histogram", name: "a", unit: "s", description: "", whole: false } as const;
    for (const cell of cells) sources.add(() => [{ ...base, points: [{ attributes: {}, cell }] }]);
    expect(sources.collect()).toMatchObject([
      { points: [{ cell: { counts: [1, 1], count: 2, sum: 55, min: 5, max: 50 } }] },
    ]);
    expect(cells[0]?.count).toBe(1);
  });

  it("that throw leave the others as they are", () => {
    const sources = new MetricSources();
    sources.add(() => {
      throw new Error("broken");
    });
    sources.add(() => [counter("a", 1)]);
    expect(sources.collect()).toEqual([counter("a", 1)]);
  });

  it("are no longer asked once taken out", () => {
    const sources = new MetricSources();
    const remove = sources.add(() => [counter("a", 1)]);
    remove();
    expect(sources.collect()).toEqual([]);
  });
});
