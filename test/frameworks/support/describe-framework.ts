import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { onCall } from "../../../src/agent/call-log.ts";
import { agentSpanProcessor } from "../../../src/pipeline/agent-span-processor.ts";
import type { CallRecord } from "../../../src/telemetry/call-record.ts";
import { formatTrace } from "../../../src/telemetry/format-trace.ts";
import * as names from "../../../src/telemetry/semconv.ts";
import { type ScriptedProvider, scriptedProvider } from "../../../src/testing/scripted-provider.ts";
import { SpanRecorder } from "../../../src/testing/span-recorder.ts";
import { answersOf, type CaseName, MODEL, type Plays, type Ways } from "./scene.ts";
import { truth } from "./truth.ts";
import { costAtTheTop, type View, viewOf } from "./view.ts";

/** A framework in the matrix of framework and case. Each plays all cases: none can be left out. */
export interface FrameworkUnderTest extends Ways {
  readonly plays: Plays;
  /** @default MODEL */
  readonly model?: string;
  /** As the conventions name it. @default "openai" */
  readonly provider?: string;
  /** Instruments the client below, for good: the second half of the matrix has both layers. Left out where there is no client. */
  readonly instrumentClient?: () => unknown;
}

const CASES: readonly CaseName[] = ["plain", "stream", "tool", "handoff", "error", "abort"];

/**
 * Runs every case in the framework against the scripted provider and compares all spans, tokens and cost with the truth: what the provider
 * was told to answer, and how many requests it has had.
 */
export function describeFramework(name: string, framework: FrameworkUnderTest): void {
  describe(name, () => {
    describe("alone", () => cases(framework));
    const { instrumentClient } = framework;
    if (instrumentClient !== undefined)
      describe("with its client instrumented too", () => {
        beforeAll(async () => void (await instrumentClient()));
        cases(framework);
      });
  });
}

function cases({ plays, model = MODEL, provider: vendor = "openai", ...ways }: FrameworkUnderTest): void {
  let recorder: SpanRecorder;
  let provider: ScriptedProvider;
  let records: CallRecord[];
  let stop: () => void;

  beforeEach(async () => {
    recorder = new SpanRecorder({ spanProcessors: [agentSpanProcessor()] });
    provider = await scriptedProvider();
    records = [];
    stop = onCall((record) => records.push(record));
  });
  afterEach(async () => {
    stop();
    recorder.stop();
    await provider.close();
  });

  for (const name of CASES)
    it(`${name}: exactly the spans, tokens and cost of what the provider has answered`, async () => {
      provider.queue(...answersOf(name, ways));
      const abort = new AbortController();
      let thrown: unknown;
      try {
        await plays[name]({ provider, model, abort });
      } catch (error) {
        thrown = error;
      }
      if (name !== "error" && name !== "abort") expect(thrown).toBeUndefined();
      // Frameworks end some spans a turn after they have given their answer.
      await expect.poll(() => recorder.open, { timeout: 5_000 }).toEqual([]);
      const shown = formatTrace(recorder.spans, { attributes: true });
      const view = viewOf(recorder.spans);
      expect(relaxed(name, view), shown).toEqual(relaxed(name, truth(name, vendor, model, ways)));
      // What a framework asks again by itself is the same call of the model.
      const retries = name === "error" ? (ways.failure?.retries ?? 0) : 0;
      expect(provider.requests.length, shown).toBe(view.models.length + retries);
      expect(costAtTheTop(recorder.spans), shown).toBe(view.cost);
      expect(new Set(recorder.spans.map(({ traceId }) => traceId)).size, shown).toBe(1);
      expect(records.filter(({ provider: of }) => of !== undefined).length).toBe(view.models.length);
      if (name === "stream") expect(recorder.spans.some(hasFirstChunk), shown).toBe(true);
    });
}

/** To some frameworks an abort is an error, to others an end: both are true. */
function relaxed(name: CaseName, view: View): View {
  if (name !== "abort") return view;
  const plain = (line: string) => line.replace(/, failed$/, "");
  return { ...view, agents: view.agents.map(plain), models: view.models.map(plain) };
}

function hasFirstChunk({ attributes }: { readonly attributes: Readonly<Record<string, unknown>> }): boolean {
  return typeof attributes[names.ATTR_TIME_TO_FIRST_CHUNK] === "number";
}
