/**
 * Importing it gives `expect` the matchers of traces.
 *
 * @module agent-otel/testing/vitest
 */

import { expect } from "vitest";
import type { CalledOptions } from "./matchers/to-have-called.ts";
import type { NoLoopsOptions } from "./matchers/to-have-no-loops.ts";
import { traceMatchers } from "./matchers.ts";

/** What `expect(recorder)` and `expect(spans)` can say. Each fails with the trace as a tree. */
export interface TraceMatchers<R = unknown> {
  /** An agent was called or handed over to. */
  toHaveCalled(agent: string, options?: CalledOptions): R;
  /** A tool was called. */
  toHaveCalledTool(tool: string, options?: CalledOptions): R;
  /** All model calls together cost less than so many US dollars. Throws where a price is not known. */
  toCostLessThan(usd: number): R;
  /** All model calls together used fewer tokens, input and output. Throws where a call never said. */
  toUseFewerTokensThan(tokens: number): R;
  /** Just these agents came to work, in just this order. */
  toFollowPath(agents: readonly string[]): R;
  /** No agent or tool was called again and again. */
  toHaveNoLoops(options?: NoLoopsOptions): R;
  /** No span failed. */
  toHaveNoErrors(): R;
}

declare module "vitest" {
  // The type parameters must be those of vitest.
  interface Matchers<R, T> extends TraceMatchers<R> {}
}

declare global {
  // Where Vitest 3 and 4 look for matchers of other packages; Jest's own types as well.
  namespace jest {
    interface Matchers<R, T> extends TraceMatchers<R> {}
  }
}

expect.extend(traceMatchers);
