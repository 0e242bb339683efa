import { trace } from "@opentelemetry/api";

/** What a program does on its own, apart from its calls. */
export const HOST_HOOKS = {
  /** A span of the program, made without us: it goes through our sampler and processors. */
  ownSpan(): void {
    trace.getTracer("program").startSpan("its own").end();
  },
} as const;
