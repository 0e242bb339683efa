import { randomBytes } from "node:crypto";

/** One span of an agent as a program in any language sends it. */
export interface AgentSpan {
  readonly agent: string;
  /** @default 50 */
  readonly durationMs?: number;
  readonly failed?: boolean;
  readonly attributes?: Readonly<Record<string, number>>;
  readonly event?: string;
}

/** OTLP/JSON of one app; every span is a trace of its own. */
export function agentSpans(
  app: string,
  spans: readonly AgentSpan[],
): { readonly traceIds: readonly string[]; readonly body: string } {
  const end = BigInt(Date.now()) * 1_000_000n;
  const made = spans.map(({ agent, durationMs = 50, failed = false, attributes = {}, event }) => ({
    traceId: randomBytes(16).toString("hex"),
    spanId: randomBytes(8).toString("hex"),
    name: `invoke_agent ${agent}`,
    kind: 1,
    startTimeUnixNano: String(end - BigInt(durationMs) * 1_000_000n),
    endTimeUnixNano: String(end),
    attributes: [
      { key: "gen_ai.operation.name", value: { stringValue: "invoke_agent" } },
      { key: "gen_ai.agent.name", value: { stringValue: agent } },
      ...Object.entries(attributes).map(([key, doubleValue]) => ({ key, value: { doubleValue } })),
    ],
    events: event === undefined ? [] : [{ name: event, timeUnixNano: String(end) }],
    status: failed ? { code: 2 } : {},
  }));
  const resource = {
    attributes: [
      { key: "service.namespace", value: { stringValue: "shop" } },
      { key: "service.name", value: { stringValue: app } },
      { key: "service.instance.id", value: { stringValue: `${app}-1` } },
      { key: "host.name", value: { stringValue: "host-of-it" } },
    ],
  };
  return {
    traceIds: made.map(({ traceId }) => traceId),
    body: JSON.stringify({
      resourceSpans: [{ resource, scopeSpans: [{ scope: { name: "other" }, spans: made }] }],
    }),
  };
}
