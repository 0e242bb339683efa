import { z } from "@hono/zod-openapi";
import { PERIODS } from "../api/common.ts";

// Parameters come as text. The message of each schema goes on after the parameter's name: "days must be …".

/** One of a few words. */
export function oneOf<const T extends string>(values: readonly [T, ...T[]], description: string) {
  return z.enum(values, { error: `must be one of ${values.join(", ")}` }).openapi({ description });
}

/** A whole number in decimal digits. */
export function whole(min: number, max: number, description: string) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z
    .string({ error })
    .regex(/^\d{1,15}$/, { error })
    .transform(Number)
    .pipe(z.int({ error }).min(min, { error }).max(max, { error }))
    .openapi({ type: "integer", minimum: min, maximum: max, description });
}

/** An amount that may have decimals, not below 0. */
export function amount(description: string) {
  const error = "must be a number from 0 to 1000000000, such as 2 or 0.05";
  return z
    .string({ error })
    .regex(/^\d{1,10}(?:\.\d{1,9})?$/, { error })
    .transform(Number)
    .pipe(z.number({ error }).max(1e9, { error }))
    .openapi({ type: "number", minimum: 0, maximum: 1e9, description });
}

export function flag(description: string) {
  return z
    .enum(["true", "false"], { error: "must be true or false" })
    .transform((text) => text === "true")
    .openapi({ type: "boolean", description });
}

/** A name or another short text, as stores can be asked for it. */
export function text(max: number, description: string) {
  const error = `must be a text of 1 to ${max} characters, without NUL`;
  return z
    .string({ error })
    .min(1, { error })
    .max(max, { error })
    .refine((value) => !value.includes("\0") && value.isWellFormed(), { error })
    .openapi({ description, minLength: 1, maxLength: max });
}

const FIRST_MS = 0;
const LAST_MS = Date.UTC(9999, 11, 31);

/** A time, given in ISO 8601 or as a date. Milliseconds since the epoch. */
export function instant(description: string) {
  const error = "must be a time in ISO 8601, such as 2026-11-21T09:30:00Z, or a date";
  return z
    .string({ error })
    .regex(/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/, { error })
    .transform((value) => Date.parse(value))
    .pipe(z.number({ error }).min(FIRST_MS, { error }).max(LAST_MS, { error }))
    .openapi({ type: "string", format: "date-time", description });
}

export const period = oneOf(
  PERIODS,
  "`daily`, `weekly` and `monthly`: the day, the week from Monday on and the month so far, in UTC. `hourly`: the last 60 minutes.",
)
  .default("daily")
  .openapi({ default: "daily" });

export const days = whole(1, 90, "How many days in UTC, today included.").default(7).openapi({ default: 7 });

/** The parameters of every list in pages. */
export const paging = {
  limit: whole(1, 500, "The most items of a page.").default(50).openapi({ default: 50 }),
  cursor: text(512, "`next_cursor` of the page before, with the other parameters as they were.").optional(),
} as const;
