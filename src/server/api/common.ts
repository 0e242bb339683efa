import { z } from "@hono/zod-openapi";

// Shapes of the REST answers: what is served is what the OpenAPI document says, and what the page reads. Names are in snake_case, money is in
// US dollars, durations are in milliseconds, times are ISO 8601 in UTC.

export const usd = z.number().nonnegative().describe("US dollars.");
/** Not known is not 0. */
export const usdOrUnknown = usd.nullable().describe("US dollars; null: not known.");
export const count = z.int().nonnegative();
export const ms = z.number().nonnegative().describe("Milliseconds.");
export const msOrUnknown = ms.nullable().describe("Milliseconds; null: not known.");
export const share = z.number().min(0).max(1).describe("From 0 to 1.");
export const time = z.iso.datetime().describe("In UTC.");

/** Calendar day, week from Monday and month so far, in UTC; `hourly` is the last 60 minutes. */
export const PERIODS = ["hourly", "daily", "weekly", "monthly"] as const;
export const period = z.enum(PERIODS);
export type Period = (typeof PERIODS)[number];

/** Which time an answer is about. */
export const range = z.object({ period, from: time, to: time });

/** Model calls added up. */
export const usage = z.object({
  calls: count,
  errors: count,
  tokens: count.describe("Input and output."),
  input_tokens: count.describe("Those from and to the cache included."),
  output_tokens: count.describe("Those of reasoning included."),
  cache_read_tokens: count,
  cache_write_tokens: count,
  reasoning_tokens: count,
  cost_usd: usd,
  unpriced_calls: count.describe("Calls with tokens whose price is not known: `cost_usd` is without them."),
});
export type Usage = z.infer<typeof usage>;

/** RFC 9457. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    parameter: z.string().optional().describe("Which parameter or field."),
    command: z.string().optional().describe("What to run instead."),
  })
  .openapi("Problem");
export type Problem = z.infer<typeof problem>;

/** `next_cursor` gives the page after this one; `null`: this is the last. */
export function page<T extends z.ZodType>(items: T) {
  return z.object({
    items: z.array(items),
    next_cursor: z.string().nullable().describe("For the page after this one; null: this is the last."),
  });
}
