import { type Attributes, context, type Span, SpanKind, trace } from "@opentelemetry/api";
import { ModelCall } from "../../src/agent/model-call.ts";
import { agent } from "../../src/index.ts";

/** What a layer around a model call may be. The first five tell of the model call. */
export const KINDS = [
  "ours",
  "conventions",
  "old names",
  "openinference",
  "ai sdk",
  "ai sdk function",
  "our agent",
  "their agent",
  "task",
  "http",
] as const;
export type LayerKind = (typeof KINDS)[number];

/** Those that may know the tokens of the call as a model span. */
export const MODEL_KINDS: readonly LayerKind[] = KINDS.slice(0, 5);

export interface Layer {
  readonly kind: LayerKind;
  readonly knowsUsage: boolean;
}

export const TOKENS = 140;
// 100 in at 0.15, 40 out at 0.60 USD per million.
export const COST_NANO_USD = 39_000;

type Shape = readonly [scope: string, atStart: Attributes, usage: Attributes];

const FOREIGN: Readonly<Record<Exclude<LayerKind, "ours" | "our agent">, Shape>> = {
  conventions: [
    "a",
    {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-4o-mini",
    },
    { "gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 40 },
  ],
  "old names": [
    "b",
    { "gen_ai.operation.name": "chat", "gen_ai.system": "openai", "gen_ai.request.model": "gpt-4o-mini" },
    { "gen_ai.usage.prompt_tokens": 100, "gen_ai.usage.completion_tokens": 40 },
  ],
  openinference: [
    "c",
    {},
    {
      "openinference.span.kind": "LLM",
      "llm.model_name": "gpt-4o-mini",
      "llm.token_count.prompt": 100,
      "llm.token_count.completion": 40,
    },
  ],
  "ai sdk": [
    "ai",
    {
      "ai.operationId": "ai.generateText.doGenerate",
      "ai.model.id": "gpt-4o-mini",
      "ai.model.provider": "openai.chat",
    },
    { "ai.usage.inputTokens": 100, "ai.usage.outputTokens": 40 },
  ],
  "ai sdk function": [
    "ai",
    { "ai.operationId": "ai.generateText", "ai.model.id": "gpt-4o-mini" },
    { "ai.usage.inputTokens": 100, "ai.usage.outputTokens": 40 },
  ],
  "their agent": [
    "d",
    { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "theirs" },
    { "gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 40 },
  ],
  task: ["traceloop", { "traceloop.span.kind": "task", "traceloop.entity.name": "draft" }, {}],
  http: ["http", { "http.request.method": "POST" }, {}],
};

interface Opened {
  run(inside: () => void): void;
  end(): void;
}

/** Begins the layers, each inside the one before, and ends them in the order given: an index for each layer. */
export function play(layers: readonly Layer[], ends: readonly number[]): void {
  const opened: Opened[] = [];
  nest(0);

  function nest(depth: number): void {
    const layer = layers[depth];
    if (layer === undefined) {
      for (const index of ends) opened[index]!.end();
      return;
    }
    if (layer.kind === "our agent") {
      opened.push({ run() {}, end() {} });
      agent("inner", () => nest(depth + 1))();
      return;
    }
    const one = layer.kind === "ours" ? openOurs(layer) : openForeign(layer.kind, layer.knowsUsage);
    opened.push(one);
    one.run(() => nest(depth + 1));
  }
}

function openOurs({ knowsUsage }: Layer): Opened {
  const call = new ModelCall({ provider: "openai", model: "gpt-4o-mini" });
  return {
    run: (inside) => call.run(inside),
    end() {
      if (knowsUsage) call.usage({ input: 100, output: 40 });
      call.end();
    },
  };
}

function openForeign(kind: keyof typeof FOREIGN, knowsUsage: boolean): Opened {
  const [scope, attributes, usage] = FOREIGN[kind];
  const span: Span = trace.getTracer(scope).startSpan(kind, { kind: SpanKind.CLIENT, attributes });
  return {
    run: (inside) => context.with(trace.setSpan(context.active(), span), inside),
    end() {
      if (knowsUsage) span.setAttributes(usage);
      // Without tokens it is the same span of a model.
      else if (kind === "openinference") span.setAttribute("openinference.span.kind", "LLM");
      span.end();
    },
  };
}
