// A recorded span by hand behind a breaker with a time limit, in turn with the span alone; or an agent call of ours behind ours, whose span
// carries the breaker's name and state.
import { SpanStatusCode } from "@opentelemetry/api";
import { agent } from "../../src/index.ts";
import { circuitBreaker } from "../../src/resilience/circuit-breaker.ts";
import { measureRounds, median, ratio } from "../harness.ts";
import { startTracing } from "../sdk.ts";
import { spanByHand } from "../span-by-hand.ts";
import { type Library, protectedBy } from "./libraries.ts";

/** What this process sends: CPU time of the span by hand, and how many times that the other takes. */
export interface SpanResult {
  readonly handNs: number;
  readonly times: number;
}

const library = process.argv[2] as Library | "agent";
const work = async (question: string): Promise<string> => question;
const { tracer, lastSpan } = startTracing();
const asAgent = circuitBreaker({ name: "bench", callTimeoutMs: 30_000 }).protect(agent("researcher", work));
await asAgent("why?");
// With the breaker's name and state, which the agent's span carries.
const { name, kind, attributes, status } = lastSpan();
const content = { name, kind, attributes: { ...attributes }, ok: status.code === SpanStatusCode.OK };
const byHand = spanByHand(tracer, content, work);

const rounds = await measureRounds({ hand: () => byHand("why?"), guarded: guarded() });
const result: SpanResult = { handNs: median(rounds.hand), times: ratio(rounds.guarded, rounds.hand) };
process.send?.(result);
process.disconnect?.();
process.exit();

function guarded(): () => Promise<unknown> {
  if (library === "agent") return () => asAgent("why?");
  return protectedBy(library, () => byHand("why?"), true).call;
}
