import * as names from "../../src/telemetry/semconv.ts";

/** Attributes that a point of a metric may lack: nobody's agent, no caller, no error, no breaker, a model that nobody named, a request that is for no tool. */
export const OPTIONAL_ON_METRICS: ReadonlySet<string> = new Set([
  names.ATTR_AGENT_NAME,
  names.ATTR_CALLER_TYPE,
  names.ATTR_CALLER_NAME,
  names.ATTR_ERROR_TYPE,
  names.ATTR_PROVIDER,
  names.ATTR_REQUEST_MODEL,
  names.ATTR_BREAKER_NAME,
  names.ATTR_EVALUATION_LABEL,
  names.ATTR_TOOL_NAME,
]);
