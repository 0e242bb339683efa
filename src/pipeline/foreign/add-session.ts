import type { Attributes } from "@opentelemetry/api";
import type { Span } from "@opentelemetry/sdk-trace";
import type { Scope } from "../../agent/scope.ts";
import { ATTR_CONVERSATION_ID, ATTR_SESSION_TAGS, ATTR_USER_ID } from "../../telemetry/semconv.ts";

/** Says of a span that another instrumentation has started whose session it is, unless it says so itself. */
export function addSessionTo(span: Span, scope: Scope | undefined): void {
  if (scope?.session === undefined) return;
  const { conversation, session } = scope;
  const added: Attributes = {};
  const add = (name: string, value: string | string[] | undefined): void => {
    if (value !== undefined && !(name in span.attributes)) added[name] = value;
  };
  add(ATTR_CONVERSATION_ID, conversation);
  add(ATTR_USER_ID, session.user);
  add(ATTR_SESSION_TAGS, session.tags && [...session.tags]);
  span.setAttributes(added);
}
