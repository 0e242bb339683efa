// Makes many agent calls with model calls, a tenth of them aborted or left early, and says what they left in the heap and
// what the calls cost on the way. Run with --expose-gc; arguments: the number of calls, `naive` for a processor that leaks.
import { setImmediate as turn } from "node:timers/promises";
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { type SpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import * as openaiModule from "openai";
import { agent } from "../../../src/agent/agent.ts";
import { openai } from "../../../src/instrumentation/clients/openai.ts";
import { patchClient } from "../../../src/instrumentation/patch-client.ts";
import { agentMetrics } from "../../../src/pipeline/agent-metrics.ts";
import { agentSpanProcessor } from "../../../src/pipeline/agent-span-processor.ts";
import { placesBySpanId } from "../../naive/places-by-span-id.ts";

/** What the program prints, as JSON. */
export interface ManyCalls {
  readonly spans: { readonly started: number; readonly ended: number };
  /** Bytes that live after a collection: once the first tenth is done, and at the end. */
  readonly heapEarly: number;
  readonly heapLate: number;
  /** CPU nanoseconds per call, for each hundredth of the calls. */
  readonly cpuNsPerCall: readonly number[];
}

const CALLS = Number(process.argv[2]);
const AT_ONCE = 20;
const chunk = (choice: object, usage?: object) =>
  `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", model: "gpt-4o-mini", choices: [choice], usage })}\n\n`;
const STREAM = [
  ...["otters", " hold", " hands"].map((content) => chunk({ index: 0, delta: { content } })),
  chunk({ index: 0, delta: {}, finish_reason: "stop" }, { prompt_tokens: 100, completion_tokens: 3 }),
  "data: [DONE]\n\n",
];
const PLAIN = JSON.stringify({
  id: "c",
  object: "chat.completion",
  model: "gpt-4o-mini",
  choices: [
    { index: 0, finish_reason: "stop", message: { role: "assistant", content: "otters hold hands" } },
  ],
  usage: { prompt_tokens: 100, completion_tokens: 3 },
});

const spans = { started: 0, ended: 0 };
const counting: SpanProcessor = {
  onStart: () => void spans.started++,
  onEnd: () => void spans.ended++,
  forceFlush: async () => {},
  shutdown: async () => {},
};
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const ours = process.argv[3] === "naive" ? placesBySpanId() : agentSpanProcessor();
trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [ours, counting] }));
agentMetrics();
patchClient(openai, openaiModule);
const client = new openaiModule.OpenAI({ apiKey: "sk-test", maxRetries: 0, fetch: answer });

const ask = agent("writer", async (number: number) => {
  const request = { model: "gpt-4o-mini", messages: [{ role: "user" as const, content: "otters?" }] };
  if (number % 2 === 1) return client.chat.completions.create(request);
  const aborting = new AbortController();
  const stream = await client.chat.completions.create(
    { ...request, stream: true },
    { signal: aborting.signal },
  );
  for await (const _ of stream) {
    if (number % 20 === 0) break;
    if (number % 20 === 10) aborting.abort();
  }
  return undefined;
});

const cpuNsPerCall: number[] = [];
let heapEarly = 0;
for (let part = 0; part < 100; part++) {
  if (part === 10) heapEarly = await liveBytes();
  cpuNsPerCall.push(await cpuNsOf(CALLS / 100));
}
const result: ManyCalls = { spans, heapEarly, heapLate: await liveBytes(), cpuNsPerCall };
console.log(JSON.stringify(result));

async function cpuNsOf(calls: number): Promise<number> {
  const before = process.cpuUsage();
  for (let first = 0; first < calls; first += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => ask(first + i)));
    await turn();
  }
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1_000) / calls;
}

async function liveBytes(): Promise<number> {
  for (let i = 0; i < 4; i++) {
    await turn();
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}

async function answer(_url: unknown, init?: RequestInit): Promise<Response> {
  if (!String(init?.body).includes('"stream":true')) {
    return new Response(PLAIN, { headers: { "content-type": "application/json" } });
  }
  const body = ReadableStream.from(STREAM.map((event) => new TextEncoder().encode(event)));
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}
