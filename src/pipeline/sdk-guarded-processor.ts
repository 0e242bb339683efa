import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import { reportFailure, safely } from "../internal/warn-once.ts";

/**
 * Keeps a processor's errors out of the program: the SDK calls the hooks inside `startSpan()` and `end()`, and lets what
 * they throw through. The first failure of each hook is reported.
 */
export function guardedProcessor(processor: SpanProcessor): SpanProcessor {
  const name = processor.constructor?.name ?? "SpanProcessor";
  const settle = async (hook: string, run: () => Promise<void>) => {
    try {
      await run();
    } catch (error) {
      reportFailure(`${name}.${hook}`, error);
    }
  };
  return {
    onStart: (span, parent) => safely(`${name}.onStart`, () => processor.onStart(span, parent)),
    ...(processor.onEnding && {
      onEnding: (span) => safely(`${name}.onEnding`, () => processor.onEnding?.(span)),
    }),
    onEnd: (span) => safely(`${name}.onEnd`, () => processor.onEnd(span)),
    forceFlush: () => settle("forceFlush", () => processor.forceFlush()),
    shutdown: () => settle("shutdown", () => processor.shutdown()),
  };
}
