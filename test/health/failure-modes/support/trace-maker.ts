import { createHash } from "node:crypto";
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import * as names from "../../../../src/telemetry/semconv.ts";
import type { TraceEvent, TraceSpan } from "../../../../src/telemetry/trace-span.ts";
import { Seeded } from "./seeded.ts";

type Attributes = Readonly<Record<string, unknown>>;
type Draft = { -readonly [K in keyof TraceSpan]: TraceSpan[K] } & { events: TraceEvent[] };

const MS = 1_000_000n;

export interface AgentSpec {
  readonly args?: unknown;
  readonly tools?: readonly string[];
  readonly verifies?: readonly string[];
  readonly verifiedBy?: readonly string[];
  readonly maxIterations?: number;
  /** @default "signal" below another agent */
  readonly deadline?: "declared" | "signal" | "none";
  readonly conversation?: string;
  readonly fail?: string;
}

export interface ToolSpec {
  readonly ms?: number;
  readonly fail?: string;
  readonly repeatable?: boolean;
}

export interface ModelSpec {
  readonly input?: number;
  readonly output?: number;
  readonly maxTokens?: number;
  readonly finish?: string;
  readonly fail?: string;
  readonly model?: string;
}

/**
 * Makes the spans of a program with agents, as this package would: bodies run in a time of their own, branches of `parallel` from
 * one moment on. `digests: false` makes them as programs do that know nothing of digests and declarations.
 */
export class TraceMaker {
  readonly rng: Seeded;
  readonly traceId: string;
  readonly spans: TraceSpan[] = [];
  readonly #digests: boolean;
  #nowNs = 1_790_000_000_000n * MS;
  #open: Draft[] = [];
  #agents: string[] = [];
  #conversations: (string | undefined)[] = [];

  constructor(seed: number, { digests = true }: { readonly digests?: boolean } = {}) {
    this.rng = new Seeded(seed);
    this.#digests = digests;
    this.traceId = this.#id(32);
  }

  wait(ms: number): void {
    this.#nowNs += BigInt(Math.round(ms * 1_000)) * 1_000n;
  }

  agent(name: string, spec: AgentSpec, body: () => void): void {
    const caller = this.#agents.at(-1);
    const below = this.#open.length > 0;
    this.#agents.push(name);
    this.#conversations.push(spec.conversation ?? this.#conversations.at(-1));
    this.#span(
      `invoke_agent ${name}`,
      {
        [names.ATTR_OPERATION]: names.OP_INVOKE_AGENT,
        [names.ATTR_AGENT_NAME]: name,
        ...(caller === undefined
          ? {}
          : { [names.ATTR_CALLER_TYPE]: "agent", [names.ATTR_CALLER_NAME]: caller }),
        ...this.#whose(),
        ...this.#declared({
          [names.ATTR_CALL_DIGEST]: digestOf(spec.args),
          [names.ATTR_AGENT_TOOLS]: spec.tools,
          [names.ATTR_AGENT_VERIFIES]: spec.verifies,
          [names.ATTR_AGENT_VERIFIED_BY]: spec.verifiedBy,
          [names.ATTR_AGENT_MAX_ITERATIONS]: spec.maxIterations,
          [names.ATTR_AGENT_DEADLINE]: spec.deadline ?? (below ? "signal" : undefined),
        }),
      },
      spec.fail,
      body,
    );
    this.#agents.pop();
    this.#conversations.pop();
  }

  workflow(
    name: string,
    spec: { readonly requires?: readonly string[]; readonly fail?: string },
    body: () => void,
  ): void {
    this.#span(
      `invoke_workflow ${name}`,
      {
        [names.ATTR_OPERATION]: names.OP_INVOKE_WORKFLOW,
        [names.ATTR_WORKFLOW_NAME]: name,
        ...this.#declared({ [names.ATTR_WORKFLOW_REQUIRES]: spec.requires }),
      },
      spec.fail,
      body,
    );
  }

  tool(name: string, args: unknown, spec: ToolSpec = {}, body: () => void = () => {}): void {
    this.#span(
      `execute_tool ${name}`,
      {
        [names.ATTR_OPERATION]: names.OP_EXECUTE_TOOL,
        [names.ATTR_TOOL_NAME]: name,
        ...this.#whose(),
        ...this.#declared({
          [names.ATTR_TOOL_DIGEST]: digestOf(args),
          [names.ATTR_TOOL_REPEATABLE]: spec.repeatable,
        }),
      },
      spec.fail,
      () => {
        body();
        this.wait(spec.ms ?? this.rng.whole(5, 900));
      },
    );
  }

  model(spec: ModelSpec = {}): void {
    const model = spec.model ?? "gpt-5-mini";
    this.#span(
      `chat ${model}`,
      {
        [names.ATTR_OPERATION]: names.OP_CHAT,
        [names.ATTR_REQUEST_MODEL]: model,
        ...this.#whose(),
        ...(spec.maxTokens === undefined ? {} : { [names.ATTR_REQUEST_MAX_TOKENS]: spec.maxTokens }),
        ...(spec.fail === undefined
          ? {
              [names.ATTR_USAGE_INPUT]: spec.input ?? this.rng.whole(300, 3_000),
              [names.ATTR_USAGE_OUTPUT]: spec.output ?? this.rng.whole(20, 600),
              [names.ATTR_FINISH_REASONS]: [spec.finish ?? "stop"],
            }
          : {}),
      },
      spec.fail,
      () => this.wait(this.rng.whole(200, 4_000)),
    );
  }

  handoff(target: string): void {
    this.#span(
      `execute_tool transfer_to_${target} ${target}`,
      {
        [names.ATTR_OPERATION]: names.OP_EXECUTE_TOOL,
        [names.ATTR_TOOL_NAME]: `transfer_to_${target}`,
        [names.ATTR_TRANSFER_TARGET]: target,
        [names.ATTR_TRANSFER_MODE]: "pass_control",
        ...this.#whose(),
      },
      undefined,
      () => this.wait(0.1),
    );
  }

  /** An event on the span that is at work. */
  event(name: string): void {
    this.wait(0.01);
    this.#open.at(-1)!.events.push({ name, timeNs: this.#nowNs, attributes: {} });
    this.wait(0.01);
  }

  /** All begin now; it goes on when the last one has ended. */
  parallel(...branches: readonly (() => void)[]): void {
    const beganNs = this.#nowNs;
    let endNs = beganNs;
    for (const branch of branches) {
      this.#nowNs = beganNs + BigInt(this.rng.whole(1, 400)) * 1_000n;
      branch();
      if (this.#nowNs > endNs) endNs = this.#nowNs;
    }
    this.#nowNs = endNs;
  }

  /** Nobody waits for it. */
  unawaited(body: () => void): void {
    const beganNs = this.#nowNs;
    body();
    this.#nowNs = beganNs + 2n * MS;
  }

  #span(name: string, attributes: Attributes, fail: string | undefined, body: () => void): void {
    const parent = this.#open.at(-1);
    const draft: Draft = {
      traceId: this.traceId,
      spanId: this.#id(16),
      parentSpanId: parent?.spanId,
      name,
      kind: SpanKind.INTERNAL,
      startNs: this.#nowNs,
      endNs: undefined,
      status: fail === undefined ? { code: SpanStatusCode.UNSET } : { code: SpanStatusCode.ERROR },
      attributes: fail === undefined ? attributes : { ...attributes, [names.ATTR_ERROR_TYPE]: fail },
      events: [],
      resource: {},
      scope: names.SCOPE_NAME,
    };
    this.#open.push(draft);
    this.wait(this.rng.next() * 2);
    body();
    this.wait(this.rng.next() * 2);
    this.#open.pop();
    draft.endNs = this.#nowNs;
    this.spans.push(draft);
    this.wait(this.rng.next());
  }

  #whose(): Attributes {
    const agent = this.#agents.at(-1);
    const conversation = this.#conversations.at(-1);
    return {
      ...(agent === undefined ? {} : { [names.ATTR_AGENT_NAME]: agent }),
      ...(conversation === undefined ? {} : { [names.ATTR_CONVERSATION_ID]: conversation }),
    };
  }

  #declared(attributes: Attributes): Attributes {
    if (!this.#digests) return {};
    return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
  }

  #id(digits: number): string {
    return Array.from({ length: digits }, () => this.rng.whole(0, 15).toString(16)).join("");
  }
}

function digestOf(args: unknown): string | undefined {
  if (args === undefined) return undefined;
  return createHash("sha256").update(JSON.stringify(args)).digest("hex").slice(0, 32);
}
