import type { ReadableSpan, SpanProcessor } from "@opentelemetry/sdk-trace";
import { checkChoice } from "../environment/variables.ts";
import { SEMCONV_GENERATIONS, type SemconvGeneration } from "./generation.ts";
import { renameAttributes } from "./rename-attributes.ts";
import { RenamedSpan } from "./renamed-span.ts";

/**
 * Puts a processor that exports behind the names of another generation: it gets each finished span with the attributes that
 * this generation has. The span itself keeps the newest names, for all other processors. `start({ semconv })` has it built in.
 *
 * For a program with an SDK of its own:
 * `spanProcessors: [agentSpanProcessor(), semconvProcessor("dup", new BatchSpanProcessor({ exporter }))]`.
 *
 * @returns The processor itself for `latest`.
 * @throws TypeError on another generation.
 */
export function semconvProcessor(generation: SemconvGeneration, processor: SpanProcessor): SpanProcessor {
  checkChoice("semconvProcessor: generation", generation, SEMCONV_GENERATIONS);
  if (generation === "latest") return processor;
  const renamed = (span: ReadableSpan): ReadableSpan => {
    const attributes = renameAttributes(span.attributes, generation);
    return attributes === span.attributes ? span : new RenamedSpan(span, attributes);
  };
  return {
    onStart: (span, parent) => processor.onStart(span, parent),
    ...(processor.onEnding && { onEnding: (span) => processor.onEnding?.(span) }),
    onEnd: (span) => processor.onEnd(renamed(span)),
    forceFlush: () => processor.forceFlush(),
    shutdown: () => processor.shutdown(),
  };
}
