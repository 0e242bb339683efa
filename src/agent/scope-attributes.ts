import type { Attributes } from "@opentelemetry/api";
import {
  ATTR_AGENT_NAME,
  ATTR_CALLER_NAME,
  ATTR_CALLER_TYPE,
  ATTR_CONVERSATION_ID,
  ATTR_OWN_CALLS,
  ATTR_OWN_COST,
  ATTR_OWN_TOKENS,
  ATTR_SESSION_TAGS,
  ATTR_SUBTREE_CALLS,
  ATTR_SUBTREE_COST,
  ATTR_SUBTREE_TOKENS,
  ATTR_USER_ID,
  ATTR_WORKFLOW_NAME,
} from "../telemetry/semconv.ts";
import type { Scope } from "./scope.ts";

/** Who called: on agent, workflow and plan spans. Nothing at the root of a request. */
export function addCaller(attributes: Attributes, caller: Scope | undefined): void {
  if (caller === undefined) return;
  if (caller.name !== undefined) {
    attributes[ATTR_CALLER_TYPE] = caller.kind;
    attributes[ATTR_CALLER_NAME] = caller.name;
  }
  addSession(attributes, caller);
}

/** Whose work it is: on model and tool spans. Of a workflow's own steps, the workflow's. */
export function addAgent(attributes: Attributes, scope: Scope | undefined): void {
  if (scope === undefined) return;
  if (scope.agent !== undefined) attributes[ATTR_AGENT_NAME] = scope.agent;
  else if (scope.workflow !== undefined) attributes[ATTR_WORKFLOW_NAME] = scope.workflow;
  addSession(attributes, scope);
}

/** Whose session it is: on every span of a call. */
function addSession(attributes: Attributes, { conversation, session }: Scope): void {
  if (conversation !== undefined) attributes[ATTR_CONVERSATION_ID] = conversation;
  if (session?.user !== undefined) attributes[ATTR_USER_ID] = session.user;
  if (session?.tags !== undefined) attributes[ATTR_SESSION_TAGS] = [...session.tags];
}

/** What an agent or workflow call used, under our own names: usage itself stands on model spans only. */
export function addTotals(attributes: Attributes, scope: Scope | undefined): void {
  if (scope === undefined || scope.subtree.calls === 0) return;
  const { own, subtree } = scope;
  attributes[ATTR_OWN_CALLS] = own.calls;
  attributes[ATTR_OWN_TOKENS] = own.tokens;
  attributes[ATTR_OWN_COST] = own.costNanoUsd / 1e9;
  attributes[ATTR_SUBTREE_CALLS] = subtree.calls;
  attributes[ATTR_SUBTREE_TOKENS] = subtree.tokens;
  attributes[ATTR_SUBTREE_COST] = subtree.costNanoUsd / 1e9;
}
