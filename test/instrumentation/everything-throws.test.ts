import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from "@opentelemetry/sdk-metrics";
import { SimpleSpanProcessor, type SpanExporter, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { defaultPrices } from "../../src/cost/prices.ts";
import { agent, logRuns, onCall, tool } from "../../src/index.ts";
import { agentMetrics } from "../../src/pipeline/agent-metrics.ts";
import { agentSpanProcessor } from "../../src/pipeline/agent-span-processor.ts";
import { nextTurn } from "../agent/support.ts";
import { all, bothWays, type Clients, chatRequest, messageRequest, USAGE } from "./support.ts";

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0)) await step();
});

const rejections: unknown[] = [];
const note = (reason: unknown): void => void rejections.push(reason);
process.on("unhandledRejection", note);
afterAll(() => process.off("unhandledRejection", note));

function fail(): never {
  throw new Error("telemetry is broken");
}

function useProvider(provider: { getTracer: TracerProvider["getTracer"] }): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  undo.push(() => {
    trace.disable();
    context.disable();
  });
}

const brokenSpans = {
  export: fail,
  shutdown: async () => {},
} as SpanExporter;

const brokenMetrics = {
  export: fail,
  forceFlush: async () => {},
  shutdown: async () => {},
} as PushMetricExporter;

const CULPRITS: Readonly<Record<string, () => void>> = {
  tracer: () => useProvider({ getTracer: () => ({ startSpan: fail, startActiveSpan: fail }) }),
  "tracer provider": () => useProvider({ getTracer: fail }),
  exporter: () =>
    useProvider(
      new TracerProvider({
        spanProcessors: [agentSpanProcessor(), new SimpleSpanProcessor({ exporter: brokenSpans })],
      }),
    ),
  meter() {
    const metricProducers = [agentMetrics()];
    const reader = new PeriodicExportingMetricReader({ exporter: brokenMetrics, metricProducers });
    const provider = new MeterProvider({ readers: [reader] });
    undo.push(() => provider.shutdown().catch(() => {}));
  },
  "price table"() {
    const broken = vi.spyOn(defaultPrices, "modelPrice").mockImplementation(fail);
    undo.push(() => broken.mockRestore());
  },
  "user hook": () => void undo.push(onCall(fail)),
  "user logger"() {
    logRuns({ info: fail });
    undo.push(() => logRuns(undefined));
  },
};

/** Telemetry has to read and redact the message; that it cannot is not the program's fault. */
class Unreadable extends Error {
  override get message(): string {
    return fail();
  }
}

const ANSWERS = [
  { text: "otters", usage: USAGE },
  { text: "hold hands", usage: USAGE },
  { text: "in their sleep", usage: USAGE },
];

async function scenario({ openai, anthropic }: Clients): Promise<unknown> {
  const seen: unknown[] = [];
  const unreadable = new Unreadable();
  const look = tool("look", async (what: string) => `looked at ${what}`);
  const broken = tool("broken", async () => Promise.reject(unreadable));
  const writer = agent("writer", async () => {
    seen.push(await openai.chat.completions.create(chatRequest));
    seen.push(await all(await openai.chat.completions.create({ ...chatRequest, stream: true })));
    seen.push(await all(await anthropic.messages.create({ ...messageRequest, stream: true })));
    seen.push(await look("otters"));
    seen.push(await broken().catch((error: unknown) => error === unreadable));
    return "done";
  });
  const counter = agent("counter", async function* () {
    yield* [1, 2, 3];
  });
  seen.push(await writer(), await all(counter()));
  return seen;
}

async function outcome() {
  const played = await bothWays(ANSWERS, scenario);
  await nextTurn();
  return played;
}

describe.each([...Object.keys(CULPRITS), "everything at once"])(
  "when the %s throws on every call",
  (culprit) => {
    const install = (): void => {
      const culprits = culprit === "everything at once" ? Object.keys(CULPRITS) : [culprit];
      for (const name of culprits) CULPRITS[name]?.();
    };

    it("results stay byte for byte what they are without us", async () => {
      const healthy = await outcome();
      install();
      const { patched } = await outcome();
      expect(patched.seen).toBe(healthy.untouched.seen);
    });

    it("requests stay what they are with us", async () => {
      const healthy = await outcome();
      install();
      const { patched } = await outcome();
      expect(patched.requests.map(({ body }) => body)).toEqual(
        healthy.patched.requests.map(({ body }) => body),
      );
    });

    it("no rejection is left unhandled", async () => {
      install();
      await outcome();
      expect(rejections).toEqual([]);
    });
  },
);
