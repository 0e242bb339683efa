import { describe, expect, it } from "vitest";
import { detectFailureModes } from "../../../src/health/failure-modes/detect-failure-modes.ts";
import type { TraceSpan } from "../../../src/telemetry/trace-span.ts";
import { failureModesByName } from "../../naive/failure-modes-by-name.ts";
import { judgedTrace, judgedTraces, MAST, scoreOf } from "./support/judged-traces.ts";
import type { Fault } from "./support/shapes.ts";

const FAULTS = Object.keys(MAST) as readonly Fault[];
const traces = [...judgedTraces(2_000)];
const detected = (spans: readonly TraceSpan[]): ReadonlySet<string> =>
  new Set(detectFailureModes(spans).map(({ mast, mode }) => mast ?? mode));

describe("on 2,000 seeded traces", () => {
  it.each(FAULTS)("%s is found with precision and recall of 0.95 at least", (fault) => {
    const { precision, recall, cases } = scoreOf(fault, traces, detected);
    expect(cases).toBeGreaterThan(90);
    expect(precision).toBeGreaterThanOrEqual(0.95);
    expect(recall).toBeGreaterThanOrEqual(0.95);
  });

  it.each(FAULTS)("%s is not found so well by names and counts alone", (fault) => {
    const { precision, recall } = scoreOf(fault, traces, failureModesByName);
    expect(Math.min(precision, recall)).toBeLessThan(0.95);
  });
});

describe("on 1,000 clean traces", () => {
  const alarms = (digests: boolean) =>
    Array.from({ length: 1_000 }, (_, i) => judgedTrace(10_000 + i, undefined, digests)).flatMap(
      ({ seed, shape, spans }) => detectFailureModes(spans).map((finding) => ({ seed, shape, ...finding })),
    );

  it("all detectors together give at most one false alarm", () => {
    expect(alarms(true).length).toBeLessThanOrEqual(1);
  });

  it("of programs that know nothing of digests they give none", () => {
    expect(alarms(false)).toEqual([]);
  });

  it("names and counts alone give an alarm on most", () => {
    const clean = Array.from({ length: 1_000 }, (_, i) => judgedTrace(10_000 + i, undefined));
    expect(clean.filter(({ spans }) => failureModesByName(spans).size > 0).length).toBeGreaterThan(500);
  });
});
