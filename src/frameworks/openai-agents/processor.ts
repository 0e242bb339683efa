import { addContextSource } from "../../agent/active-scope.ts";
import { preloadPrices } from "../../cost/price-library.ts";
import { safely } from "../../internal/warn-once.ts";
import { checkOptions, type OpenAIAgentsOptions } from "./options.ts";
import { runs } from "./runs.ts";
import type { SdkSpan, SdkTrace, SdkTracingProcessor } from "./sdk.ts";

/**
 * A tracing processor for the OpenAI Agents SDK: its agents, handoffs, tools, guardrails and model calls come out as those of `agent`,
 * `handoff`, `tool` and `chat` do, and what the program calls inside of them has its place below.
 *
 *     addTraceProcessor(agentOtelProcessor());
 *
 * {@link traceOpenAIAgents} does this and more. Safe to register twice: a span is told of once.
 *
 * @throws TypeError when an option is unfit.
 */
export function agentOtelProcessor(options: OpenAIAgentsOptions = {}): SdkTracingProcessor {
  checkOptions("agentOtelProcessor", options);
  return new AgentOtelProcessor(options);
}

class AgentOtelProcessor implements SdkTracingProcessor {
  readonly #options: OpenAIAgentsOptions;
  #removeSource: (() => void) | undefined;

  constructor(options: OpenAIAgentsOptions) {
    this.#options = options;
  }

  async onTraceStart(trace: SdkTrace): Promise<void> {
    this.#removeSource ??= addContextSource(runs.currentContext);
    // At the end of the first call it would be waited for.
    preloadPrices();
    safely("beginning a trace of the OpenAI Agents SDK", () => runs.traceStarted(trace, this.#options));
  }

  async onTraceEnd(trace: SdkTrace): Promise<void> {
    safely("ending a trace of the OpenAI Agents SDK", () => runs.traceEnded(trace));
  }

  async onSpanStart(span: SdkSpan): Promise<void> {
    safely("beginning a span of the OpenAI Agents SDK", () => runs.spanStarted(span, this.#options));
  }

  async onSpanEnd(span: SdkSpan): Promise<void> {
    safely("ending a span of the OpenAI Agents SDK", () => runs.spanEnded(span));
  }

  /** The SDK calls it when the program ends and when other processors take this one's place. */
  async shutdown(): Promise<void> {
    this.#removeSource?.();
    this.#removeSource = undefined;
    safely("leaving runs of the OpenAI Agents SDK", () => runs.leaveAll());
  }

  async forceFlush(): Promise<void> {}
}
