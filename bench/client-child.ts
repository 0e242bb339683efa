// One call of the openai client, version 6, made in one way, in a process of its own: bare, with an instrumentation, or with a
// span by hand around it. The answers come from memory, so that nothing but code is measured.
//
// One way a process: two kinds of the client's promise in one process make the client's own code slower for both, by some 3 µs,
// which no program pays that is instrumented or is not.
import { createRequire } from "node:module";
import { setImmediate } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { type Attributes, type Span, SpanKind, SpanStatusCode } from "@opentelemetry/api";
import type OpenAI from "openai";
import { openai } from "../src/instrumentation/clients/openai.ts";
import { patchClient } from "../src/instrumentation/patch-client.ts";
import { measureRounds, median } from "./harness.ts";
import { load } from "./peers/load.ts";
import { startTracing } from "./sdk.ts";

/** What this process sends. */
export interface ClientResult {
  /** CPU time of a call. */
  readonly callNs: number;
  readonly attributes: number;
}

export type Instrumented = "agent-otel" | "official";
export type Way = "instrumented" | "bare" | "hand";

/** What is used of the peer. */
interface Instrumentation {
  getModuleDefinitions(): readonly { patch(exports: unknown, version: string): unknown }[];
}

const ANSWER = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "gpt-4o-mini-2024-07-18",
  choices: [
    { index: 0, finish_reason: "stop", message: { role: "assistant", content: "otters hold hands" } },
  ],
  usage: { prompt_tokens: 100, completion_tokens: 40, total_tokens: 140 },
});
const REQUEST = { model: "gpt-4o-mini", messages: [{ role: "user" as const, content: "otters?" }] };

const require = createRequire(import.meta.url);
const exports = require("openai-6") as typeof import("openai");
const { tracer, lastSpan } = startTracing();

const { Completions } = exports.OpenAI.Chat;
const bareCreate = Completions.prototype.create;
if (process.argv[2] === "agent-otel") patchClient(openai, exports);
else {
  const { OpenAIInstrumentation } = (await load("@opentelemetry/instrumentation-openai")) as {
    OpenAIInstrumentation: new () => Instrumentation;
  };
  for (const definition of new OpenAIInstrumentation().getModuleDefinitions()) definition.patch(exports, "6");
}
if (Completions.prototype.create === bareCreate) throw new Error("nothing was patched");

const answer = async () => new Response(ANSWER, { headers: { "content-type": "application/json" } });
const client = new exports.OpenAI({ apiKey: "sk-test", maxRetries: 0, fetch: answer });
const bareClient = new exports.OpenAI({ apiKey: "sk-test", maxRetries: 0, fetch: answer });
bareClient.chat.completions.create = bareCreate;
const call = (of: OpenAI) => of.chat.completions.create(REQUEST);

await call(client);
const { attributes } = lastSpan();
const { atStart, ofAnswer } = parted({ ...attributes });
const byHand = () =>
  tracer.startActiveSpan(
    "chat gpt-4o-mini",
    { kind: SpanKind.CLIENT, attributes: atStart },
    async (span: Span) => {
      try {
        const answer = await call(bareClient);
        // Whoever writes it by hand reads these from the answer; that they are at hand here is to the favour of the hand.
        span.setAttributes(ofAnswer);
        return answer;
      } catch (error) {
        span.recordException(error as Error);
        span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
        throw error;
      } finally {
        span.end();
      }
    },
  );
await byHand();
if (!isDeepStrictEqual({ ...lastSpan().attributes }, { ...attributes })) {
  throw new Error("the span by hand is not the same as the instrumentation's");
}
const ways: Readonly<Record<Way, () => Promise<unknown>>> = {
  instrumented: () => call(client),
  bare: () => call(bareClient),
  hand: byHand,
};
const way = process.argv[3] as Way;
const rounds = await measureRounds({ [way]: inTurns(ways[way]) }, { batch: 1_024 });
const result: ClientResult = {
  callNs: median(rounds[way] ?? []),
  attributes: Object.keys(attributes).length,
};
process.send?.(result);
process.disconnect?.();
await setImmediate();
process.exit();

/** No program makes a thousand calls before it comes back to the event loop. */
function inTurns(run: () => Promise<unknown>): () => Promise<unknown> {
  let calls = 0;
  return () => (++calls % 64 === 0 ? run().then(() => setImmediate()) : run());
}

/** What is known before the request is sent, and what only the answer tells. */
function parted(attributes: Attributes): { readonly atStart: Attributes; readonly ofAnswer: Attributes } {
  const entries = Object.entries(attributes);
  const told = ([name]: readonly [string, unknown]) => /^gen_ai\.(response|usage)\./.test(name);
  return {
    atStart: Object.fromEntries(entries.filter((entry) => !told(entry))),
    ofAnswer: Object.fromEntries(entries.filter(told)),
  };
}
