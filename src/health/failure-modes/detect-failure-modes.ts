import type { TraceSpan } from "../../telemetry/trace-span.ts";
import type { Detector } from "./detector.ts";
import { type DetectorOptions, detectorsOf } from "./detectors.ts";
import type { Finding } from "./failure-mode.ts";
import { findingOf } from "./finding.ts";
import { Run } from "./run.ts";
import type { Step } from "./step.ts";
import { endOf } from "./step-of-attributes.ts";
import type { TraceCall } from "./trace-calls.ts";
import { type Moment, momentsOf } from "./trace-moments.ts";

export type { DetectorOptions } from "./detectors.ts";

/**
 * Looks for failure modes in finished traces, of this program or of others. Pure: nothing is reported anywhere.
 *
 * A run is what stands below the first agent or workflow of a trace; each mode of an agent is found once in it. What rests on digests
 * or declarations is found in spans that carry them.
 *
 * @param spans Of one trace or several, in any order.
 * @returns In the order in which they showed, one trace after the other; the action of each is `none`.
 * @throws RangeError that names the option, the range and the value.
 */
export function detectFailureModes(spans: readonly TraceSpan[], options: DetectorOptions = {}): Finding[] {
  const detectors = detectorsOf("detectFailureModes", options);
  const traces = new Map<string, TraceSpan[]>();
  for (const span of spans) {
    const trace = traces.get(span.traceId);
    if (trace === undefined) traces.set(span.traceId, [span]);
    else trace.push(span);
  }
  return [...traces.values()].flatMap((trace) => findingsOf(momentsOf(trace), detectors));
}

function findingsOf(moments: readonly Moment[], detectors: readonly Detector[]): readonly Finding[] {
  const findings: Finding[] = [];
  const runs = new Map<TraceCall, Run>();
  const steps = new Map<TraceCall, Step>();
  const originNs = moments[0]?.ns ?? 0n;
  let nowNs = originNs;
  const traceId = moments[0]?.call.span.traceId;
  for (const { ns, call, what } of moments) {
    nowNs = ns;
    const nowMs = Number(ns - originNs) / 1e6;
    let run = runs.get(call.root);
    if (run === undefined) {
      run = new Run(detectors, (mode, agent, evidence, at) => {
        const timeMs = Number(nowNs / 1_000n) / 1_000;
        findings.push(findingOf(mode, agent, evidence, "none", { traceId, spanId: at.spanId, timeMs }));
      });
      runs.set(call.root, run);
    }
    const parent = call.parent && steps.get(call.parent);
    if (what === "begin") steps.set(call, run.begin(call.facts, parent, nowMs, call.span.spanId));
    else if (what === "end") {
      const step = steps.get(call) ?? run.begin(call.facts, parent, nowMs, call.span.spanId);
      run.end(step, endOf(call.span.attributes, call.errorType), nowMs);
    } else {
      const at = steps.get(call);
      if (at !== undefined) run.note(what, at);
    }
  }
  return findings;
}
