import { z } from "@hono/zod-openapi";
import { failure } from "../api/agents.ts";
import { page } from "../api/common.ts";
import { TRACE_ORDERS, traceDetail, traceRow } from "../api/traces.ts";
import { Refusal } from "../problem/refusal.ts";
import { shown } from "../problem/shown.ts";
import { traceView } from "../views/trace-view.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import { amount, flag, instant, oneOf, paging, text, whole } from "./parameters.ts";
import { pageOf, type RouteContext, sourceOf } from "./route-context.ts";

const DAY_MS = 86_400_000;
const HOW = "run `agent-otel dev`, or give agentsRouter sources that keep them";

const times = {
  from: instant(
    "Only what began at this time or later. Without it: within the last 24 hours before `to`.",
  ).optional(),
  to: instant("Only what began before this time. Without it: until now.").optional(),
} as const;
const agentName = text(256, "Only those of this agent.").optional();

/** Traces and what detectors found in them. */
export function traceRoutes(context: RouteContext): readonly Endpoint[] {
  const { sources, clock } = context;
  const between = ({
    from,
    to = clock.now() + 1,
  }: {
    from?: number | undefined;
    to?: number | undefined;
  }) => {
    const fromMs = from ?? to - DAY_MS;
    if (fromMs < to) return { fromMs, toMs: to };
    throw new Refusal("bad_parameter", `from must be before to, got ${new Date(fromMs).toISOString()}`, {
      parameter: "from",
    });
  };
  return [
    endpoint({
      method: "get",
      path: "traces",
      summary: "Search traces",
      query: z.object({
        ...times,
        order: oneOf(TRACE_ORDERS, "Which come first.").default("newest").openapi({ default: "newest" }),
        agent: agentName,
        model: text(256, "Only those with a call of this model.").optional(),
        tool: text(256, "Only those with a call of this tool.").optional(),
        conversation: text(256, "Only those of this conversation.").optional(),
        failed: flag("`true`: only those with an error. `false`: only those without.").optional(),
        findings: flag("`true`: only those in which a detector found something.").optional(),
        min_cost_usd: amount("Only those that cost so much or more, US dollars.").optional(),
        min_duration_ms: whole(0, 86_400_000, "Only those that took so long or longer.").optional(),
        text: text(256, "The beginning of a trace id, or a part of the name of a span.").optional(),
        ...paging,
      }),
      answer: page(traceRow),
      async handle({ query }) {
        const source = sourceOf(sources.traces, "traces", HOW);
        const { from, to, min_cost_usd, min_duration_ms, ...rest } = query;
        return pageOf(
          await source.search({
            ...rest,
            ...between(query),
            minCostUsd: min_cost_usd,
            minDurationMs: min_duration_ms,
          }),
        );
      },
    }),
    endpoint({
      method: "get",
      path: "traces/{trace_id}",
      summary: "One trace with its spans and log lines",
      params: z.object({ trace_id: text(256, "32 hex digits.") }),
      answer: traceDetail,
      problems: [404],
      async handle({ params }) {
        const source = sourceOf(sources.traces, "traces", HOW);
        const id = params.trace_id.toLowerCase();
        const found = /^[0-9a-f]{32}$/.test(id) ? await source.get(id) : undefined;
        if (found === undefined)
          throw new Refusal("not_found", `there is no trace ${shown(params.trace_id)} here`);
        return traceView(found);
      },
    }),
    endpoint({
      method: "get",
      path: "failures",
      summary: "What the failure-mode detectors found, the newest first",
      query: z.object({
        ...times,
        agent: agentName,
        mode: text(128, "Only findings of this mode.").optional(),
        ...paging,
      }),
      answer: page(failure),
      async handle({ query }) {
        const source = sourceOf(sources.failures, "findings of detectors", HOW);
        const { limit, cursor, agent, mode } = query;
        return pageOf(await source.list({ limit, cursor, agent, mode, ...between(query) }));
      },
    }),
  ];
}
