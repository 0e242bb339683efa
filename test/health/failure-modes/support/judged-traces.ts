import type { TraceSpan } from "../../../../src/telemetry/trace-span.ts";
import { type Fault, SHAPES } from "./shapes.ts";
import { TraceMaker } from "./trace-maker.ts";

/** What of MAST each fault is. */
export const MAST: Readonly<Record<Fault, string>> = {
  step_repetition: "FM-1.3",
  unaware_of_termination: "FM-1.5",
  premature_termination: "FM-3.1",
  missing_verification: "FM-3.2",
};

export interface JudgedTrace {
  readonly seed: number;
  readonly shape: string;
  /** `undefined`: it is clean. */
  readonly fault: Fault | undefined;
  readonly spans: readonly TraceSpan[];
}

/** Half of them clean, the others with one fault each, over all shapes. */
export function* judgedTraces(count: number, firstSeed = 1): Generator<JudgedTrace> {
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const { faults } = SHAPES[seed % SHAPES.length]!;
    yield judgedTrace(seed, seed % 2 === 1 ? undefined : faults[(seed >> 1) % faults.length]);
  }
}

export function judgedTrace(seed: number, fault: Fault | undefined, digests = true): JudgedTrace {
  const shape = SHAPES[seed % SHAPES.length]!;
  const maker = new TraceMaker(seed, { digests });
  shape.make(maker, fault);
  return { seed, shape: shape.name, fault, spans: maker.spans };
}

export interface Score {
  readonly precision: number;
  readonly recall: number;
  readonly cases: number;
}

/** @param find Says which modes of MAST a trace shows. */
export function scoreOf(
  fault: Fault,
  traces: Iterable<JudgedTrace>,
  find: (spans: readonly TraceSpan[]) => ReadonlySet<string>,
): Score {
  let [right, wrong, missed] = [0, 0, 0];
  for (const trace of traces) {
    const found = find(trace.spans).has(MAST[fault]);
    if (trace.fault !== fault) wrong += found ? 1 : 0;
    else if (found) right += 1;
    else missed += 1;
  }
  return { precision: right / (right + wrong), recall: right / (right + missed), cases: right + missed };
}
