import { ATTR_CALL_COUNTED, SCOPE_NAME } from "../../telemetry/semconv.ts";
import type { TraceSpan } from "../../telemetry/trace-span.ts";
import { isModelOperation } from "../call-record.ts";
import { type NamedSpan, operationOf } from "./operation.ts";
import { type ForeignModelCall, readModelCall } from "./usage.ts";

/** What a finished span says of a call. */
export interface ArrivedCall {
  readonly operation: string;
  /** Of model calls. */
  readonly call: ForeignModelCall | undefined;
  /** It is ours, or the span processor of its process has counted it: its names are the newest, and it is no repetition. */
  readonly counted: boolean;
  /** The span processor of its process knows it as a repetition. */
  readonly withdrawn: boolean;
}

/** @returns `undefined` where the span is no call, or is not over. */
export function readArrived(span: TraceSpan): ArrivedCall | undefined {
  const named = span as NamedSpan;
  const operation = operationOf(named);
  if (operation === undefined || span.endNs === undefined) return undefined;
  const mark = span.attributes[ATTR_CALL_COUNTED];
  const counted = span.scope === SCOPE_NAME || mark === true;
  // A dialect's ways with counts are not those of a span that was read already.
  const scope = counted ? undefined : span.scope;
  const call = isModelOperation(operation) ? readModelCall(named, scope) : undefined;
  return { operation, call, counted, withdrawn: mark === false };
}
