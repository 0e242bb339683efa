import type { z } from "zod";
import {
  type AgentDetail,
  agentDetail,
  agentList,
  breakerList,
  budgetList,
  deadLetter,
  failure,
  type Graph,
  graph,
  ledgerRow,
  systemHealth,
} from "../../../src/server/api/agents.ts";
import { page, type Usage } from "../../../src/server/api/common.ts";
import { type TraceRow, traceDetail, traceRow } from "../../../src/server/api/traces.ts";
import { statistics, tokenStats, tokenTrend, whatIf } from "../../../src/server/api/usage.ts";
import { hostileTexts } from "./hostile-texts.ts";
import { traceOf } from "./page-fixture-trace.ts";

/** What the server answers, by path without its query. */
export type Answers = ReadonlyMap<string, (query: URLSearchParams) => unknown>;

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const MODELS = ["gpt-5-mini", "claude-sonnet-4-6", "gemini-3-flash", "llama3.3:70b-local"];
export const AGENTS = [
  "supervisor",
  "researcher",
  "writer",
  "reviewer",
  "fact-checker",
  "planner",
  "翻訳エージェント",
  "a-very-long-agent-name-that-somebody-has-generated-from-a-path/and/does/not/fit/anywhere",
  hostileTexts.markup,
  "summarizer",
  "idle-agent",
];

const fresh = <T extends z.ZodType>(shape: T, value: z.input<T>): z.output<T> => shape.parse(value);
const iso = (ms: number) => new Date(ms).toISOString();
const round = (value: number) => Number(value.toFixed(6));

function usageOf(calls: number, scale: number, unpriced = 0): Usage {
  const input = Math.round(calls * 1830 * scale);
  const output = Math.round(calls * 412 * scale);
  return {
    calls,
    errors: Math.floor(calls * 0.02),
    tokens: input + output,
    input_tokens: input,
    output_tokens: output,
    cache_read_tokens: Math.floor(input * 0.31),
    cache_write_tokens: Math.floor(input * 0.05),
    reasoning_tokens: Math.floor(output * 0.2),
    cost_usd: unpriced === calls ? 0 : round(input * 0.0000011 + output * 0.0000062),
    unpriced_calls: unpriced,
  };
}

function total(items: readonly Usage[]): Usage {
  const sum = usageOf(0, 0);
  for (const item of items) {
    for (const key of Object.keys(sum) as (keyof Usage)[]) sum[key] = round(sum[key] + item[key]);
  }
  return sum;
}

/** @param empty Nobody has sent anything yet. */
export function pageAnswers(nowMs: number, empty: boolean): Answers {
  const agents = empty ? [] : AGENTS;
  const rangeOf = (query: URLSearchParams) => {
    const given = query.get("period");
    const period = given === "hourly" || given === "weekly" || given === "monthly" ? given : "daily";
    return { period, from: iso(nowMs - (period === "hourly" ? 60 * MINUTE : DAY)), to: iso(nowMs) } as const;
  };
  const factor = (query: URLSearchParams) =>
    ({ hourly: 0.1, daily: 1, weekly: 5, monthly: 20 })[rangeOf(query).period];
  const usageOfAgent = (index: number, scale = 1) => {
    const calls = index === 10 ? 0 : Math.round((320 / (index + 1)) * scale);
    return usageOf(
      calls,
      1 + (index % 3) * 0.7,
      index === 9 ? calls : index === 4 ? Math.floor(calls / 8) : 0,
    );
  };
  const stats = (index: number, scale = 1) => {
    const runs = index === 10 ? 0 : Math.round((180 / (index + 1)) * scale);
    const failed = Math.round(runs * [0.01, 0.02, 0.22, 0, 0.07][index % 5]!);
    const own = usageOfAgent(index, scale);
    return {
      total_requests: runs,
      successful: runs - failed,
      failed,
      success_rate: runs === 0 ? null : (runs - failed) / runs,
      avg_duration_ms: runs === 0 ? null : 2100 + index * 130,
      p50_duration_ms: runs === 0 ? null : 1840 + index * 120,
      p95_duration_ms: runs === 0 ? null : 7200 + index * 2100,
      total_tokens: own.tokens,
      total_cost_usd: own.cost_usd,
      avg_cost_per_request: runs === 0 ? null : round(own.cost_usd / runs),
    };
  };
  const scores = [97, 91, 34, 100, 68, 96, 88, 93, 12, 99];
  const states = [
    "closed",
    null,
    "open",
    "closed",
    "half_open",
    null,
    "closed",
    null,
    "forced_open",
    null,
    null,
  ];
  const healthOf = (index: number): AgentDetail["health"] => {
    const score = scores[index] ?? null;
    return {
      agent: agents[index] ?? "",
      score,
      status: score === null ? "unknown" : score >= 80 ? "healthy" : score >= 60 ? "degraded" : "unhealthy",
      calls: stats(index, 0.1).total_requests,
      components:
        score === null
          ? null
          : {
              failure: (100 - score) / 100,
              slow: index * 0.04,
              rejected: score < 50 ? 0.4 : 0,
              quarantined: 0,
            },
      success_rate: score === null ? null : score / 100,
      p95_ms: stats(index).p95_duration_ms,
      objective_ms: 20_000,
      errors: score !== null && score < 90 ? { timeout: 4, rate_limit: 9 } : {},
      rejections: score !== null && score < 50 ? 37 : 0,
      fallbacks: score !== null && score < 50 ? 21 : 0,
      breaker: states[index] ?? null,
    };
  };
  const health = fresh(systemHealth, {
    status: empty ? "unknown" : "unhealthy",
    score: empty ? null : 12,
    window_ms: 5 * MINUTE,
    agents: agents.map((_, index) => healthOf(index)).sort((a, b) => (a.score ?? 101) - (b.score ?? 101)),
    open_breakers: empty ? 0 : 2,
  });
  const traces = empty ? [] : Array.from({ length: 120 }, (_, index) => traceOf(index, nowMs, AGENTS));
  const rowOf = (trace: (typeof traces)[number]): TraceRow => fresh(traceRow, trace);
  const breakers = empty
    ? []
    : [
        "writer",
        "fact-checker",
        "researcher",
        "openai",
        "anthropic",
        "search-api",
        "翻訳",
        hostileTexts.markup,
      ].map((name, index) => ({
        name,
        state: ["open", "half_open", "closed", "closed", "disabled", "closed", "closed", "forced_open"][
          index
        ]!,
        since: index === 5 ? null : iso(nowMs - (index + 1) * 7 * MINUTE),
        retry_after_ms: index === 0 ? 18_400 : null,
        failures: index === 5 ? null : [7, 3, 0, 1, 0, 0, 0, 12][index]!,
        successes: index === 5 ? null : 120 * (index + 1),
        rejections: index === 5 ? null : [37, 4, 0, 0, 0, 0, 0, 90][index]!,
        resettable: index !== 3,
        reset_hint: index === 3 ? "curl -X POST http://127.0.0.1:3000/breakers/openai/reset" : null,
      }));
  const ledger = empty
    ? []
    : Array.from({ length: 130 }, (_, index) => {
        const breaker = ["writer", "fact-checker", hostileTexts.markup, "researcher"][index % 4]!;
        const transition = index % 5 === 0;
        const steps = ["closed", "open", "half_open", "closed"];
        const step = Math.floor(index / 5) % 3;
        return {
          time: iso(nowMs - index * 2.7 * MINUTE),
          kind: transition ? "transition" : index === 33 ? "operator" : "failure",
          breaker,
          from: transition ? steps[step]! : null,
          to: transition ? steps[step + 1]! : null,
          reason: transition ? "failure_rate" : index % 7 === 1 ? hostileTexts.long : "429 Too Many Requests",
          error_type: transition ? null : index % 3 === 0 ? "timeout" : "rate_limit",
          actor: index === 33 ? "alice@example.com" : null,
          trace_id: traces[index % 40]!.trace_id,
        };
      });
  const letters = empty
    ? []
    : Array.from({ length: 23 }, (_, index) => ({
        id: index === 3 ? "billing/Ω 7" : `01J9X${String(index).padStart(4, "0")}QK`,
        queue: ["emails", "billing", "reports/每日"][index % 3]!,
        task_type: index === 2 ? hostileTexts.markup : ["send-mail", "charge", "render"][index % 3]!,
        reason: ["attempts_exhausted", "not_retryable", "expired"][index % 3]!,
        error:
          index % 4 === 0 ? null : index === 5 ? hostileTexts.long : "connect ECONNREFUSED 10.0.0.7:5432",
        attempts: 3 + (index % 4),
        replays: index % 2,
        first_failed: iso(nowMs - index * 50 * MINUTE - 9_000),
        last_failed: iso(nowMs - index * 50 * MINUTE),
        resolved: index >= 18,
        resolution: index >= 18 ? "charged by hand" : null,
        trace_id: index % 3 === 0 ? traces[index]!.trace_id : null,
        replay_requested: index === 4,
      }));
  const modes = [
    "step_repetition",
    "missing_verification",
    "premature_termination",
    "unaware_of_termination",
  ];
  const findings = empty
    ? []
    : Array.from({ length: 64 }, (_, index) => ({
        mode: modes[index % 7 === 0 ? 1 : index % 4]!,
        agent: AGENTS[index % 9]!,
        time: iso(nowMs - index * 11 * MINUTE),
        trace_id: traces[index % 60]!.trace_id,
        span_id: traces[index % 60]!.span_list[1]!.span_id,
        action: index % 9 === 0 ? "abort" : "warn",
        evidence: {
          count: 3 + (index % 4),
          tool: index === 6 ? hostileTexts.markup : "search",
          spans: ["00f1", "00f2"],
        },
      }));
  const paged = <T>(items: readonly T[], query: URLSearchParams) => {
    const limit = Number(query.get("limit") ?? 50);
    const at = Number(query.get("cursor") ?? 0);
    return {
      items: items.slice(at, at + limit),
      next_cursor: at + limit < items.length ? String(at + limit) : null,
    };
  };
  const named = (by: string, scale: number) =>
    by === "model"
      ? (empty ? [] : MODELS).map((name, index) => {
          const calls = Math.round((700 / (index + 1)) * scale);
          return { name, ...usageOf(calls, 1.2, index === 3 ? calls : 0) };
        })
      : agents
          .map((name, index) => ({ name, ...usageOfAgent(index, scale) }))
          .filter(({ calls }) => calls > 0);
  const allStats = (query: URLSearchParams) => {
    const all = total(named("agent", factor(query)));
    const first = stats(0, factor(query));
    const failed = Math.round(first.total_requests * 0.083);
    return fresh(statistics, {
      ...rangeOf(query),
      ...first,
      ...(empty && { total_requests: 0, success_rate: null, p50_duration_ms: null, p95_duration_ms: null }),
      ...(empty && { avg_duration_ms: null, avg_cost_per_request: null }),
      ...(!empty && { avg_cost_per_request: round(all.cost_usd / first.total_requests) }),
      ...(empty ? { failed: 0, successful: 0 } : { failed, successful: first.total_requests - failed }),
      total_tokens: all.tokens,
      total_cost_usd: all.cost_usd,
      model_calls: all.calls,
      tool_calls: empty ? 0 : 812,
      unpriced_calls: all.unpriced_calls,
    });
  };

  const answers: [string, (query: URLSearchParams) => unknown][] = [
    ["statistics", allStats],
    [
      "token-stats",
      (query) => {
        const by = query.get("by") === "model" ? "model" : "agent";
        const items = named(by, factor(query)).sort((a, b) => b.cost_usd - a.cost_usd);
        return fresh(tokenStats, { ...rangeOf(query), by, total: total(items), items });
      },
    ],
    [
      "token-stats/trend",
      (query) => {
        const days = Number(query.get("days") ?? 7);
        const items = Array.from({ length: days }, (_, index) => {
          const scale = empty ? 0 : 0.35 + 0.65 * Math.abs(Math.sin(index * 1.7 + 1));
          const by = (kind: string) =>
            named(kind, scale).map(({ name, cost_usd, tokens }) => ({ name, cost_usd, tokens }));
          return {
            date: iso(nowMs - (days - 1 - index) * DAY).slice(0, 10),
            ...total(named("agent", scale)),
            by_agent: by("agent"),
            by_model: by("model"),
          };
        });
        return fresh(tokenTrend, { days, items });
      },
    ],
    [
      "costs/what-if",
      (query) => {
        const model = query.get("model") ?? "";
        const known = model.startsWith("gpt");
        const items = named("agent", factor(query)).map(({ name, calls, cost_usd }) => ({
          agent: name,
          model: "claude-sonnet-4-6",
          calls,
          cost_usd,
          other_cost_usd: known ? round(cost_usd * 0.31) : null,
        }));
        const cost = round(items.reduce((sum, { cost_usd }) => sum + cost_usd, 0));
        return fresh(whatIf, {
          ...rangeOf(query),
          model,
          cost_usd: cost,
          other_cost_usd: known ? round(cost * 0.31) : null,
          items,
        });
      },
    ],
    ["health", () => health],
    ["circuit-breakers", () => fresh(breakerList, { items: breakers })],
    [
      "budgets",
      () =>
        fresh(budgetList, {
          items: empty
            ? []
            : [
                { name: "all", window: "day", limit_usd: 25, used_usd: 11.32, share: 0.4528, rejections: 0 },
                { name: "writer", window: "hour", limit_usd: 2, used_usd: 1.87, share: 0.935, rejections: 0 },
                {
                  name: "experiments",
                  window: "month",
                  limit_usd: 5,
                  used_usd: 5.02,
                  share: 1.004,
                  rejections: 14,
                },
              ],
        }),
    ],
    [
      "agents",
      (query) =>
        fresh(agentList, {
          ...rangeOf(query),
          items: agents.map((agent, index) => ({
            agent,
            ...stats(index, factor(query)),
            inclusive_cost_usd: round(usageOfAgent(index, factor(query)).cost_usd * (index === 0 ? 3 : 1.4)),
            health: scores[index] ?? null,
            breaker: states[index] ?? null,
            last_seen: iso(nowMs - index * 90_000),
          })),
        }),
    ],
    ["metrics/interactions", (query) => fresh(graph, { ...rangeOf(query), ...graphOf(agents) })],
    [
      "traces",
      (query) => {
        const text = query.get("text") ?? "";
        const found = traces.filter(
          (trace) =>
            (query.get("failed") !== "true" || trace.errors > 0) &&
            (query.get("findings") !== "true" || trace.findings > 0) &&
            (text === "" || trace.trace_id.startsWith(text) || trace.name.includes(text)) &&
            (!query.has("agent") || trace.agents.includes(query.get("agent") ?? "")) &&
            (!query.has("model") || trace.models.includes(query.get("model") ?? "")) &&
            (trace.cost_usd ?? 0) >= Number(query.get("min_cost_usd") ?? 0) &&
            trace.duration_ms >= Number(query.get("min_duration_ms") ?? 0),
        );
        if (query.get("order") === "slowest") found.sort((a, b) => b.duration_ms - a.duration_ms);
        if (query.get("order") === "dearest") found.sort((a, b) => (b.cost_usd ?? 0) - (a.cost_usd ?? 0));
        return fresh(page(traceRow), paged(found.map(rowOf), query));
      },
    ],
    [
      "failures",
      (query) =>
        fresh(
          page(failure),
          paged(
            findings.filter(
              ({ mode, agent }) =>
                (query.get("mode") ?? mode) === mode && (query.get("agent") ?? agent) === agent,
            ),
            query,
          ),
        ),
    ],
    [
      "ledger",
      (query) =>
        fresh(
          page(ledgerRow),
          paged(
            ledger.filter(
              ({ breaker, kind }) =>
                (query.get("breaker") ?? breaker) === breaker && (query.get("kind") ?? kind) === kind,
            ),
            query,
          ),
        ),
    ],
    [
      "dead-letters",
      (query) =>
        fresh(
          page(deadLetter),
          paged(
            letters.filter(
              ({ resolved, queue }) =>
                resolved === (query.get("resolved") === "true") && (query.get("queue") ?? queue) === queue,
            ),
            query,
          ),
        ),
    ],
    ...traces.map(
      (trace) => [`traces/${trace.trace_id}`, () => fresh(traceDetail, trace)] as [string, () => unknown],
    ),
    ...agents.map(
      (agent, index) =>
        [
          `agents/${agent}`,
          (query: URLSearchParams) => {
            const runs = stats(index, factor(query));
            const points = Array.from({ length: index === 10 ? 0 : 48 }, (_, at) => {
              const calls = Math.round(4 + 3 * Math.sin(at / 4) + (at % 5));
              return {
                time: iso(nowMs - (48 - at) * 10 * MINUTE),
                calls: at % 13 === 7 ? 0 : calls,
                errors: at % 13 === 7 ? 0 : at % 9 === 2 ? 2 : 0,
                p50_ms: at % 13 === 7 ? null : 1500 + 300 * Math.sin(at / 3),
                p95_ms: at % 13 === 7 ? null : 5200 + 2400 * Math.cos(at / 5),
                tokens: calls * 2200,
                cost_usd: round(calls * 0.004),
              };
            });
            const own = usageOfAgent(index, factor(query));
            return fresh(agentDetail, {
              ...rangeOf(query),
              agent,
              stats: runs,
              usage: own,
              inclusive_cost_usd: round(own.cost_usd * 1.4),
              health: healthOf(index),
              series: { slice_ms: 10 * MINUTE, points },
              by_model:
                index === 10
                  ? []
                  : MODELS.map((name, at) => ({ name, ...usageOf(40 - at * 9, 1, at === 3 ? 13 : 0) })),
              tools:
                index === 10
                  ? []
                  : [
                      { name: "search", calls: 91, errors: 3, p95_ms: 840 },
                      { name: "read_page", calls: 44, errors: 0, p95_ms: 2310 },
                      { name: hostileTexts.markup, calls: 2, errors: 2, p95_ms: null },
                    ],
              callers:
                index === 10
                  ? []
                  : [
                      { name: "supervisor", type: "agent", calls: 120, errors: 2 },
                      { name: "user", type: "user", calls: 9, errors: 0 },
                    ],
              errors:
                index === 10
                  ? []
                  : [
                      { class: "rate_limit", error_type: "rate_limit", operation: "chat", count: 9 },
                      { class: "timeout", error_type: "timeout", operation: "execute_tool", count: 3 },
                      { class: "unknown", error_type: hostileTexts.markup, operation: "chat", count: 1 },
                    ],
            });
          },
        ] as [string, (query: URLSearchParams) => unknown],
    ),
  ];
  return new Map(answers);
}

function graphOf(agents: readonly string[]): Pick<Graph, "nodes" | "edges"> {
  const called = agents.slice(0, 9);
  if (called.length === 0) return { nodes: [], edges: [] };
  const node = (kind: Graph["nodes"][number]["kind"], name: string, calls: number, tokens: number) => ({
    id: kind === "user" ? "user" : `${kind}:${name}`,
    kind,
    name,
    calls,
    errors: Math.floor(calls * 0.04),
    tokens,
    cost_usd: round(tokens * 0.0000021),
    inclusive_cost_usd: round(tokens * 0.0000042),
    health: kind === "agent" ? 91 : null,
  });
  const edge = (source: string, target: string, calls: number, errors: number, tokens: number) => ({
    source,
    target,
    calls,
    errors,
    tokens,
    cost_usd: target === "model:llama3.3:70b-local" ? 0 : round(tokens * 0.0000021),
    p50_ms: 1200,
    p95_ms: 6400,
  });
  return {
    nodes: [
      node("user", "user", 180, 0),
      node("workflow", "article", 180, 0),
      ...called.map((name, index) =>
        node("agent", name, Math.round(300 / (index + 1)), 90_000 * (9 - index)),
      ),
      node("tool", "search", 412, 0),
      node("tool", "read_page", 230, 0),
      ...MODELS.map((name, index) => node("model", name, 700 - index * 150, 900_000 - index * 200_000)),
    ],
    edges: [
      edge("user", "workflow:article", 180, 15, 0),
      edge("workflow:article", `agent:${called[0]}`, 180, 15, 810_000),
      ...called
        .slice(1)
        .map((name, index) =>
          edge(
            `agent:${called[0]}`,
            `agent:${name}`,
            Math.round(160 / (index + 1)),
            [2, 35, 0, 4][index % 4]!,
            200_000,
          ),
        ),
      edge("agent:researcher", "tool:search", 412, 60, 0),
      edge("agent:researcher", "tool:read_page", 230, 0, 0),
      edge("agent:fact-checker", "tool:search", 31, 0, 0),
      ...called.map((name, index) =>
        edge(
          `agent:${name}`,
          `model:${MODELS[index % MODELS.length]}`,
          Math.round(320 / (index + 1)),
          index % 3,
          150_000,
        ),
      ),
    ],
  };
}
