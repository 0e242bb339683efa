import type { TraceDetail, TraceEvaluation, TraceSpanRow } from "../../../src/server/api/traces.ts";
import { hostileTexts } from "./hostile-texts.ts";

const iso = (ms: number) => new Date(ms).toISOString();
const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");

interface Made {
  readonly parent: number | undefined;
  readonly name: string;
  readonly operation: string | null;
  readonly agent: string | null;
  readonly at: number;
  readonly ms: number | null;
  readonly failed?: boolean;
  readonly tokens?: number;
  readonly unpriced?: boolean;
}

/** One trace of a supervisor with its workers. The third has 4,000 spans, the fourth hostile texts and a missing parent. */
export function traceOf(index: number, nowMs: number, agents: readonly string[]): TraceDetail {
  const startMs = nowMs - index * 4 * 60_000 - 30_000;
  const traceId = hex((index + 1) * 2_654_435_761, 16).padEnd(32, "a3f0");
  const failed = index % 4 === 1;
  const unpriced = index % 9 === 7;
  const made = spansOf(index, agents, failed, unpriced);
  const spans = made.map((one, at) => spanOf(one, at, index, startMs));
  const priced = spans.filter(({ cost_usd }) => cost_usd !== null);
  const calls = spans.filter(({ input_tokens }) => input_tokens !== null);
  return {
    trace_id: traceId,
    name: spans[0]!.name,
    service: index % 5 === 0 ? "article-worker-eu" : "content-api",
    start: iso(startMs),
    duration_ms: Math.max(...spans.map(({ offset_ms, duration_ms }) => offset_ms + (duration_ms ?? 0))),
    spans: spans.length,
    errors: spans.filter(({ status }) => status === "error").length,
    agents: [...new Set(spans.flatMap(({ agent }) => agent ?? []))],
    models: [...new Set(spans.flatMap(({ model }) => model ?? []))],
    model_calls: calls.length,
    tokens: calls.reduce((sum, span) => sum + (span.input_tokens ?? 0) + (span.output_tokens ?? 0), 0),
    cost_usd:
      priced.length === 0
        ? null
        : Number(priced.reduce((sum, span) => sum + (span.cost_usd ?? 0), 0).toFixed(6)),
    unpriced_calls: calls.length - priced.length,
    findings: index % 6 === 1 ? 2 : 0,
    span_list: spans,
    logs: index % 3 === 2 ? [] : logsOf(spans, startMs),
    truncated: index === 2,
  };
}

function spansOf(index: number, agents: readonly string[], failed: boolean, unpriced: boolean): Made[] {
  const root: Made = {
    parent: undefined,
    name:
      index === 3
        ? hostileTexts.markup
        : `invoke_workflow ${["article", "newsletter", "support-answer"][index % 3]}`,
    operation: "invoke_workflow",
    agent: null,
    at: 0,
    ms: 9400 + index * 37,
    failed,
  };
  const spans: Made[] = [root];
  const workers = [agents[1]!, agents[2]!, agents[3]!, agents[6 + (index % 3)]!];
  spans.push({
    parent: 0,
    name: `invoke_agent ${agents[0]}`,
    operation: "invoke_agent",
    agent: agents[0]!,
    at: 12,
    ms: 9300,
    failed,
  });
  for (const [turn, worker] of workers.entries()) {
    const at = 300 + turn * 2200;
    const bad = failed && turn === 1;
    const own = spans.length;
    spans.push({
      parent: 1,
      name: `invoke_agent ${worker}`,
      operation: "invoke_agent",
      agent: worker,
      at,
      ms: 2000,
      failed: bad,
    });
    spans.push({
      parent: own,
      name: "execute_tool search",
      operation: "execute_tool",
      agent: worker,
      at: at + 40,
      ms: 420,
    });
    spans.push({
      parent: own,
      name: `chat ${turn % 2 === 0 ? "gpt-5-mini" : "claude-sonnet-4-6"}`,
      operation: "chat",
      agent: worker,
      at: at + 480,
      ms: index === 4 && turn === 3 ? null : 1450,
      failed: bad,
      tokens: 1800 + turn * 730,
      unpriced: unpriced || (index === 0 && turn === 2),
    });
  }
  if (index === 2) {
    for (let more = 0; more < 4000; more += 1) {
      spans.push({
        parent: 1 + (more % 5),
        name: `execute_tool step-${more}`,
        operation: "execute_tool",
        agent: workers[more % 4]!,
        at: 100 + more * 2,
        ms: 3,
      });
    }
  }
  if (index === 3)
    spans.push({
      parent: 99_999,
      name: hostileTexts.long,
      operation: null,
      agent: hostileTexts.markup,
      at: 50,
      ms: 0.04,
    });
  return spans;
}

function spanOf(made: Made, at: number, index: number, startMs: number): TraceSpanRow {
  const id = (place: number) => hex(index * 100_000 + place + 1, 16);
  const model = made.operation === "chat" ? made.name.slice(5) : null;
  const tokens = made.tokens ?? null;
  return {
    span_id: id(at),
    parent_span_id: made.parent === undefined ? null : id(made.parent),
    name: made.name,
    kind: made.operation === "chat" ? "CLIENT" : "INTERNAL",
    scope: "agent-otel",
    service: "content-api",
    operation: made.operation,
    agent: made.agent,
    tool: made.operation === "execute_tool" ? made.name.slice(13) : null,
    model,
    start: iso(startMs + made.at),
    offset_ms: made.at,
    duration_ms: made.ms,
    status: made.failed === true ? "error" : "unset",
    status_message:
      made.failed === true ? "429 Too many requests: the organisation's limit is reached" : null,
    error_type: made.failed === true ? "rate_limit" : null,
    input_tokens: tokens,
    output_tokens: tokens === null ? null : Math.round(tokens * 0.27),
    cost_usd: tokens === null || made.unpriced === true ? null : Number((tokens * 0.0000031).toFixed(6)),
    attributes: {
      "gen_ai.operation.name": made.operation ?? "custom",
      ...(made.agent !== null && { "gen_ai.agent.name": made.agent }),
      ...(model !== null && { "gen_ai.request.model": model, "gen_ai.response.finish_reasons": ["stop"] }),
      ...(index === 3 && { [hostileTexts.markup]: hostileTexts.control, url: hostileTexts.link }),
    },
    events:
      made.failed === true && made.operation === "chat"
        ? [
            {
              name: "agents.breaker.transition",
              time: iso(startMs + made.at + 900),
              offset_ms: made.at + 900,
              attributes: { from: "closed", to: "open" },
            },
            {
              name: "exception",
              time: iso(startMs + made.at + 1400),
              offset_ms: made.at + 1400,
              attributes: { "exception.type": "RateLimitError", "exception.message": "429" },
            },
          ]
        : [],
    links: [],
    evaluations: evaluationsOf(made, startMs),
    evaluates: null,
  };
}

/** Two of each call of a model that did not fail. */
function evaluationsOf(made: Made, startMs: number): TraceEvaluation[] {
  if (made.operation !== "chat" || made.failed === true) return [];
  const of = { response_id: null, time: iso(startMs + made.at + 2_000) };
  return [
    {
      ...of,
      name: "relevance",
      score: 0.83,
      label: "relevant",
      explanation: "Names the river and the year that were asked for.",
    },
    { ...of, name: "tone", score: null, label: hostileTexts.markup, explanation: null },
  ];
}

function logsOf(spans: readonly TraceSpanRow[], startMs: number): TraceDetail["logs"] {
  return spans.slice(0, 9).map((span, at) => ({
    time: iso(startMs + span.offset_ms + 5),
    severity: span.status === "error" ? "ERROR" : at % 4 === 3 ? "WARN" : "INFO",
    body: at === 2 ? `${hostileTexts.markup} ${hostileTexts.control}` : `${span.name} has begun`,
    event_name: null,
    service: span.service,
    span_id: span.span_id,
    attributes: {},
  }));
}
