import { isAgentError } from "../../errors/agent-error.ts";
import { list } from "../../instrumentation/fields.ts";
import { reportFailure, safely } from "../../internal/warn-once.ts";
import type { MastraBridge, MastraExportedSpan, MastraSpanIds, MastraSpanOptions } from "./mastra-span.ts";
import { OpenSpans } from "./open-spans.ts";

/** Options of {@link agentOtelBridge}. */
export interface MastraOptions {
  /** Puts arguments and results of tools on their spans, with secrets redacted and cut to 4 KiB each. @default false */
  readonly capture?: boolean;
}

/**
 * A bridge for Mastra's observability: its agents, workflows, tools and model calls come out as those of `agent`, `workflow`, `tool` and
 * `chat` do. Mastra runs its work inside of them, so what the program calls there has its place below.
 *
 *     new Observability({ configs: { default: { serviceName: "desk", bridge: agentOtelBridge() } } });
 *
 * Mastra takes one bridge for each of its configurations; exporters beside it go on. Spans have the same ids here and there.
 *
 * @throws TypeError when an option is unfit. What a limit refuses is thrown from the call of Mastra that would have begun.
 */
export function agentOtelBridge(options: MastraOptions = {}): MastraBridge {
  const { capture = false } = options;
  if (typeof capture !== "boolean")
    throw new TypeError(`agentOtelBridge: capture must be a boolean, got ${typeof capture}`);
  return new AgentOtelBridge(capture);
}

class AgentOtelBridge implements MastraBridge {
  readonly name = "agent-otel";
  readonly #spans: OpenSpans;
  #excluded: readonly unknown[] = [];

  constructor(capture: boolean) {
    this.#spans = new OpenSpans(capture);
  }

  init({ config }: { config?: unknown }): void {
    this.#excluded = list(config, "excludeSpanTypes");
  }

  createSpan(options: MastraSpanOptions): MastraSpanIds | undefined {
    if (this.#excluded.includes(options.type)) return undefined;
    try {
      return this.#spans.begin(options);
    } catch (error) {
      if (isAgentError(error)) throw error;
      reportFailure("beginning a span of Mastra", error);
      return undefined;
    }
  }

  executeInContext<T>(spanId: string, fn: () => Promise<T>): Promise<T> {
    return this.#spans.run(spanId, fn);
  }

  executeInContextSync<T>(spanId: string, fn: () => T): T {
    return this.#spans.run(spanId, fn);
  }

  onTracingEvent({
    type,
    exportedSpan,
  }: {
    readonly type: string;
    readonly exportedSpan: MastraExportedSpan;
  }): void {
    safely("an event of Mastra", () => {
      if (type === "span_ended") this.#spans.end(exportedSpan);
      else if (type === "span_updated") this.#spans.updated(exportedSpan);
    });
  }

  async exportTracingEvent(event: {
    readonly type: string;
    readonly exportedSpan: MastraExportedSpan;
  }): Promise<void> {
    this.onTracingEvent(event);
  }

  releaseSpan(spanId: string): void {
    safely("a span that Mastra filters out", () => this.#spans.release(spanId));
  }

  async flush(): Promise<void> {}

  async shutdown(): Promise<void> {
    safely("leaving spans of Mastra", () => this.#spans.leaveAll());
  }
}
