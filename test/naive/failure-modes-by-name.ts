import { ATTR_OPERATION, ATTR_TOOL_NAME, OP_CHAT, OP_EXECUTE_TOOL } from "../../src/telemetry/semconv.ts";
import { isFailed, type TraceSpan } from "../../src/telemetry/trace-span.ts";

/**
 * Failure modes as one looks for them at first: a tool that is used three times is a loop, a trace of many model calls does not know when
 * to stop, one with an error ended too early, and one without a span that sounds like a check was not checked.
 */
export function failureModesByName(spans: readonly TraceSpan[]): ReadonlySet<string> {
  const found = new Set<string>();
  const uses = new Map<unknown, number>();
  let modelCalls = 0;
  for (const span of spans) {
    const operation = span.attributes[ATTR_OPERATION];
    if (operation === OP_CHAT) modelCalls += 1;
    if (operation !== OP_EXECUTE_TOOL) continue;
    const tool = span.attributes[ATTR_TOOL_NAME];
    const times = (uses.get(tool) ?? 0) + 1;
    uses.set(tool, times);
    if (times >= 3) found.add("FM-1.3");
  }
  if (modelCalls > 20) found.add("FM-1.5");
  if (spans.some(isFailed)) found.add("FM-3.1");
  if (!spans.some(({ name }) => /review|verif|check|test/.test(name))) found.add("FM-3.2");
  return found;
}
