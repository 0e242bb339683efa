import { z } from "@hono/zod-openapi";
import { count, ms, time, usdOrUnknown } from "./common.ts";

/** GET traces: one line of the list. */
export const traceRow = z.object({
  trace_id: z.string(),
  name: z.string().describe("Of its first span."),
  service: z.string(),
  start: time,
  duration_ms: ms,
  spans: count,
  errors: count,
  agents: z.array(z.string()),
  models: z.array(z.string()),
  model_calls: count,
  tokens: count,
  cost_usd: usdOrUnknown.describe(
    "`null` where no call has a known price; the sum of those that have where some lack it.",
  ),
  unpriced_calls: count,
  findings: count.describe("Findings of detectors."),
});
export type TraceRow = z.infer<typeof traceRow>;

export const traceEvaluation = z.object({
  name: z.string(),
  score: z.number().nullable().describe("On the evaluator's own scale."),
  label: z.string().nullable(),
  explanation: z.string().nullable(),
  response_id: z.string().nullable(),
  time,
});
export type TraceEvaluation = z.infer<typeof traceEvaluation>;

export const traceSpan = z.object({
  span_id: z.string(),
  parent_span_id: z
    .string()
    .nullable()
    .describe("`null` for a root; the parent may also be missing from `spans`."),
  name: z.string(),
  kind: z.string(),
  scope: z.string().nullable(),
  service: z.string(),
  operation: z.string().nullable(),
  agent: z.string().nullable(),
  tool: z.string().nullable(),
  model: z.string().nullable(),
  start: time,
  offset_ms: z.number().describe("From the start of the trace, to the microsecond."),
  duration_ms: ms.nullable().describe("`null`: still open."),
  status: z.enum(["unset", "ok", "error"]),
  status_message: z.string().nullable(),
  error_type: z.string().nullable(),
  input_tokens: count.nullable(),
  output_tokens: count.nullable(),
  cost_usd: usdOrUnknown,
  attributes: z.record(z.string(), z.unknown()),
  events: z.array(
    z.object({
      name: z.string(),
      time,
      offset_ms: z.number(),
      attributes: z.record(z.string(), z.unknown()),
    }),
  ),
  links: z.array(z.object({ trace_id: z.string(), span_id: z.string() })),
  evaluations: z
    .array(traceEvaluation)
    .describe(
      "Of this span, whether they came as its events, as spans below it or as log records. At most 100.",
    ),
  evaluates: z
    .string()
    .nullable()
    .describe(
      "The span that this one was made to evaluate, after that had ended; its evaluations stand there.",
    ),
});
export type TraceSpanRow = z.infer<typeof traceSpan>;

export const logLine = z.object({
  time,
  severity: z.string(),
  body: z.string(),
  event_name: z.string().nullable(),
  service: z.string(),
  span_id: z.string().nullable(),
  attributes: z.record(z.string(), z.unknown()),
});
export type LogLine = z.infer<typeof logLine>;

/** GET traces/{trace_id}. */
export const traceDetail = z.object({
  ...traceRow.shape,
  span_list: z.array(traceSpan).describe("By start. At most 10,000."),
  logs: z.array(logLine),
  truncated: z.boolean().describe("Whether spans or lines were left out."),
});
export type TraceDetail = z.infer<typeof traceDetail>;

export const TRACE_ORDERS = ["newest", "slowest", "dearest"] as const;
