import { type Attributes, type Context, SpanKind } from "@opentelemetry/api";
import { activeScope } from "../../../agent/active-scope.ts";
import { Call } from "../../../agent/call.ts";
import { boundSpanName } from "../../../agent/content/attribute-limits.ts";
import { Scope } from "../../../agent/scope.ts";
import { addAgent } from "../../../agent/scope-attributes.ts";
import type { Opened } from "../open-span.ts";
import { toldError } from "../told-error.ts";

/** A span that is no call of an agent, tool or model, and so in no metric: it shows where the time went. */
export function openStep(
  name: string,
  parent: Context,
  startAttributes: Attributes = {},
  ended?: (spanData: unknown) => Attributes,
): Opened {
  const scope = Scope.within(activeScope(parent));
  const attributes = { ...startAttributes };
  addAgent(attributes, scope);
  const kind = { spanName: boundSpanName(name), spanKind: SpanKind.INTERNAL, startAttributes };
  const call = new Call(kind, scope, attributes, undefined, parent);
  return {
    context: call.context,
    finish({ spanData, error }, left) {
      Object.assign(call.attributes, ended?.(spanData));
      if (error !== null) call.fail(toldError(error, undefined));
      else if (left) call.leave();
      else call.end();
    },
  };
}
