import type { Attributes } from "@opentelemetry/api";
import {
  ATTR_USAGE_CACHE_READ,
  ATTR_USAGE_INPUT,
  ATTR_USAGE_OUTPUT,
  ATTR_USAGE_REASONING,
} from "../../telemetry/semconv.ts";
import { LANGFUSE_USAGE } from "./names.ts";
import { text } from "./text.ts";

type Counts = Readonly<Record<string, unknown>>;

/**
 * The usage of a generation of Langfuse in the conventions' names. Its counts are JSON in one attribute, and parts of each other in
 * none: `input` has no cached tokens in it, these are `input_cached_tokens` beside it.
 *
 * @returns `undefined` where the span has no such counts.
 */
export function langfuseUsage(attributes: Attributes): Attributes | undefined {
  const counts = parsed(text(attributes[LANGFUSE_USAGE]));
  const input = sumOf(counts, "input");
  if (input === undefined) return undefined;
  return {
    [ATTR_USAGE_INPUT]: input,
    [ATTR_USAGE_OUTPUT]: sumOf(counts, "output"),
    [ATTR_USAGE_CACHE_READ]: numberOf(counts?.["input_cached_tokens"]),
    [ATTR_USAGE_REASONING]: numberOf(counts?.["output_reasoning_tokens"]),
  };
}

/** A count and its parts, which have its name before theirs. `undefined` where it is missing. */
function sumOf(counts: Counts | undefined, name: string): number | undefined {
  if (numberOf(counts?.[name]) === undefined) return undefined;
  return Object.entries(counts ?? {})
    .filter(([key]) => key === name || key.startsWith(`${name}_`))
    .reduce((sum, [, count]) => sum + (numberOf(count) ?? 0), 0);
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** An attribute limit may have cut it. */
function parsed(json: string | undefined): Counts | undefined {
  if (json === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? (value as Counts) : undefined;
  } catch {
    return undefined;
  }
}
