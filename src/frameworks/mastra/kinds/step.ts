import { type Context, SpanKind } from "@opentelemetry/api";
import { activeScope } from "../../../agent/active-scope.ts";
import { Call } from "../../../agent/call.ts";
import { boundSpanName } from "../../../agent/content/attribute-limits.ts";
import { Scope } from "../../../agent/scope.ts";
import { addAgent } from "../../../agent/scope-attributes.ts";
import type { MastraSpanOptions } from "../mastra-span.ts";
import type { OpenSpan } from "../open-span.ts";
import { callSpan } from "./call-span.ts";

/** A span that is no call of an agent, tool or model, and so in no metric: it shows where the time went. */
export function openStep(
  { type, name, entityName, entityId }: MastraSpanOptions,
  parent: Context,
  around: OpenSpan | undefined,
): OpenSpan {
  const scope = Scope.within(activeScope(parent));
  const named = entityName ?? entityId;
  const spanName = named === undefined ? (name ?? type) : `${type} ${named}`;
  const kind = { spanName: boundSpanName(spanName), spanKind: SpanKind.INTERNAL, startAttributes: {} };
  const attributes = {};
  addAgent(attributes, scope);
  return callSpan(new Call(kind, scope, attributes, undefined, parent), around);
}
