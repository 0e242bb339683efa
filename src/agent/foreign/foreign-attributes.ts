import type { Attributes } from "@opentelemetry/api";
import * as names from "../../telemetry/semconv.ts";
import type { TraceSpan } from "../../telemetry/trace-span.ts";
import { isModelOperation } from "../call-record.ts";
import { boundValues } from "../content/attribute-limits.ts";
import { addPlace } from "./add-place.ts";
import { readArrived } from "./arrived-call.ts";
import type { PlacedCall } from "./arrived-spans.ts";
import * as foreign from "./names.ts";
import type { NamedSpan } from "./operation.ts";
import { firstText } from "./text.ts";
import { addModelCall, CALL_NAMES } from "./usage.ts";

/**
 * The attributes of a finished span of another instrumentation, as the span processor would have left them: operation, agent, caller,
 * usage in the newest names and cost are added, or, where the call is told of by another span, taken away.
 *
 * @param startMs When it began, milliseconds since the epoch: prices change.
 * @param placed `undefined`: nothing is known of the spans around it.
 * @returns `undefined` where it is no call.
 */
export function foreignAttributes(
  span: TraceSpan,
  startMs: number,
  placed?: PlacedCall,
): TraceSpan["attributes"] | undefined {
  const read = placed ?? readArrived(span);
  if (read === undefined || read.withdrawn) return undefined;
  const { operation, call } = read;
  const named = span as NamedSpan;
  const { attributes } = named;
  const added: Attributes = {};
  const repeats = placed?.repeats === true;
  if (call !== undefined && !repeats) addModelCall(added, call, attributes, startMs);
  if (attributes[names.ATTR_OPERATION] !== operation) added[names.ATTR_OPERATION] = operation;
  addPlace(added, named, operation, placed?.around);
  addNamedAgent(added, attributes, operation);
  const all = { ...attributes, ...boundValues(added) };
  return repeats ? withdrawn(all) : all;
}

/** Some say on each span of an agent which agent it is: then nobody needs to know the spans around. */
function addNamedAgent(added: Attributes, attributes: Attributes, operation: string): void {
  if (!isModelOperation(operation) && operation !== names.OP_EXECUTE_TOOL) return;
  if (names.ATTR_AGENT_NAME in attributes || names.ATTR_AGENT_NAME in added) return;
  const agent = firstText(attributes, foreign.AGENT_AROUND);
  if (agent !== undefined && !isEmbedding(attributes)) added[names.ATTR_AGENT_NAME] = agent;
}

/** Those of the AI SDK have the name of a function that is no agent. */
function isEmbedding(attributes: Attributes): boolean {
  return String(attributes[foreign.AI_OPERATION_ID]).startsWith("ai.embed");
}

function withdrawn(attributes: Attributes): Attributes {
  const left: Attributes = { ...attributes, [names.ATTR_CALL_COUNTED]: false };
  for (const name of CALL_NAMES) delete left[name];
  return left;
}
