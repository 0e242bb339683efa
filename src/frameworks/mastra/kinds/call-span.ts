import type { Call } from "../../../agent/call.ts";
import { errorOf } from "../error-of.ts";
import type { MastraExportedSpan } from "../mastra-span.ts";
import type { OpenSpan } from "../open-span.ts";

/** @param ending Adds to the call what is known at its end. */
export function callSpan(
  call: Call,
  around: OpenSpan | undefined,
  ending?: (span: MastraExportedSpan) => void,
): OpenSpan {
  return {
    context: call.context,
    spanId: call.spanContext()?.spanId,
    around,
    end(span) {
      ending?.(span);
      const error = errorOf(span);
      if (error === undefined) call.end();
      else call.fail(error);
    },
    fail: (error) => call.fail(error),
    leave: () => call.leave(),
  };
}
