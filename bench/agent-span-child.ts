// One API against the span by hand, alone in this process: whoever else had run here would have made shared code slower.
import { isDeepStrictEqual } from "node:util";
import { SpanStatusCode } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { agentSpanProcessor } from "../src/pipeline/agent-span-processor.ts";
import { AGENT_APIS, type AgentApi, isApiName } from "./agent-apis.ts";
import { measureRounds, median, ratio } from "./harness.ts";
import { startTracing } from "./sdk.ts";
import { spanByHand } from "./span-by-hand.ts";

/** What this process sends. */
export interface AgentSpanResult {
  /** CPU time, as a multiple of the span by hand. */
  readonly ratio: number;
  /** CPU time per call in a process where nobody else makes spans. */
  readonly aloneNs: number;
  readonly attributes: number;
}

const name = process.argv[2];
if (!isApiName(name)) throw new Error(`unknown agent API: ${name}`);
const api: AgentApi = AGENT_APIS[name];
const work = async (question: string) => question;

const whole = name === "agent-otel with record and metrics";
const { tracer, lastSpan } = startTracing(whole ? [agentSpanProcessor()] : []);
const asAgent = await api.wrap(work);
await asAgent("why?");
const span = lastSpan();
// First of all, for a peer may bring an API or SDK of its own: then each call site that both sides share is slower for both.
const alone = await measureRounds({ agent: () => asAgent("why?") }, { rounds: 9 });
const byHand = spanByHand(tracer, contentOf(span), work);
await byHand("why?");
if (!isDeepStrictEqual(contentOf(lastSpan()), contentOf(span))) {
  throw new Error("the span by hand is not the same as the agent's");
}

const rounds = await measureRounds({ agent: () => asAgent("why?"), hand: () => byHand("why?") });
const result: AgentSpanResult = {
  ratio: ratio(rounds.agent, rounds.hand),
  aloneNs: median(alone.agent),
  attributes: Object.keys(span.attributes).length,
};
process.send?.(result);
// A peer's timers must not keep the process.
process.disconnect?.();
setImmediate(() => process.exit());

function contentOf({ name, kind, attributes, status }: ReadableSpan) {
  return { name, kind, attributes: { ...attributes }, ok: status.code === SpanStatusCode.OK };
}
