import { describe, expect, it } from "vitest";
import { MetricSources, type SourceInstrument } from "../../src/telemetry/metric-sources.ts";

function counter(name: string, value: number, attributes: Record<string, string> = {}): SourceInstrument {
  return { kind: "counter", name, unit: "1", description: "", whole: true, points: [{ attributes, value }] };
}

function gauge(name: string, value: number): SourceInstrument {
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
