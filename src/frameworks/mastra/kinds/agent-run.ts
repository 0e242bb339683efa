import type { Context } from "@opentelemetry/api";
import { activeScope, scopeContext } from "../../../agent/active-scope.ts";
import { Scope } from "../../../agent/scope.ts";
import { openAgent } from "../../../agent/told/told-calls.ts";
import { list, text } from "../../../instrumentation/fields.ts";
import { errorOf } from "../error-of.ts";
import type { MastraSpanOptions } from "../mastra-span.ts";
import type { OpenSpan } from "../open-span.ts";
import { callSpan } from "./call-span.ts";

const MAX_CONVERSATION = 256;

/** All turns of one `generate`, `stream` or `network` of an agent. */
export function openAgentRun(
  { entityName, entityId, attributes, metadata, input }: MastraSpanOptions,
  parent: Context,
  around: OpenSpan | undefined,
): OpenSpan {
  const tools = list(attributes, "availableTools").filter((name) => typeof name === "string");
  const conversation = text(attributes, "conversationId") ?? text(metadata, "threadId");
  const call = openAgent(entityName ?? entityId, {
    parent: inConversation(parent, conversation),
    args: [input],
    ...(tools.length === 0 ? {} : { tools }),
  });
  const failing: ((error: Error) => void)[] = [];
  const span = callSpan(call, around);
  return {
    ...span,
    failing,
    end(told) {
      for (const fail of failing.splice(0)) fail(errorOf(told) ?? new Error("the model call failed"));
      span.end(told);
    },
    leave() {
      for (const fail of failing.splice(0)) fail(new Error("the model call failed"));
      span.leave();
    },
  };
}

function inConversation(parent: Context, id: string | undefined): Context {
  if (id === undefined) return parent;
  const scope = Scope.conversation(activeScope(parent), id.slice(0, MAX_CONVERSATION));
  return scopeContext(parent, scope, undefined);
}
