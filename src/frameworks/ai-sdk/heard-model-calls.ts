import { field, text } from "../../instrumentation/fields.ts";
import { readAnswer } from "./answer.ts";
import { openHeardCall } from "./heard-call.ts";
import { embeddingRequest, modelRequest } from "./model-request.ts";
import type { Operation } from "./operation.ts";
import { readEmbeddingUsage } from "./usage.ts";

/** `generateObject` and `streamObject` make one model call, of which only start and end are told. */
const OBJECT = "object";

export function objectStarted(event: unknown, operation: Operation): void {
  if (!operation.isOpen) return;
  const request = modelRequest(event, operation.streams, operation.settings);
  operation.hears(OBJECT, openHeardCall(request, operation.context), OBJECT);
}

export function objectEnded(event: unknown, operation: Operation): void {
  const call = operation.heard(OBJECT);
  if (call === undefined) return;
  readAnswer(call, event);
  // What it failed with comes with the end of the operation.
  if (field(event, "finishReason") === "error") return;
  operation.forget(OBJECT);
  call.end();
}

export function embeddingStarted(event: unknown, operation: Operation): void {
  if (!operation.isOpen) return;
  const call = openHeardCall(embeddingRequest(event), operation.context);
  operation.hears(text(event, "embedCallId") ?? "", call, attemptOf(event));
}

export function embeddingEnded(event: unknown, operation: Operation): void {
  const id = text(event, "embedCallId") ?? "";
  const call = operation.heard(id);
  if (call === undefined) return;
  operation.forget(id);
  const usage = readEmbeddingUsage(field(event, "usage"));
  if (usage !== undefined) call.usage(usage);
  call.end();
}

/** `embedMany` asks for several chunks at once and tries each again by itself; `embed` has one. */
function attemptOf(event: unknown): unknown {
  return text(event, "operationId") === "ai.embed.doEmbed" ? "embed" : field(event, "values");
}
