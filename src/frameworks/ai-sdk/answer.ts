import type { ModelCall } from "../../agent/model-call.ts";
import { field, text } from "../../instrumentation/fields.ts";
import { billedCost } from "./billed-cost.ts";
import { readAiSdkUsage } from "./usage.ts";

/** What is told of an answer, by whichever of our calls listens. */
export type AnswerListener = Pick<ModelCall, "usage" | "response">;

/** Reads an answer of a model, or what an event says of one. */
export function readAnswer(call: AnswerListener, result: unknown): void {
  const response = field(result, "response");
  call.response({ id: text(response, "id"), model: text(response, "modelId") });
  readFinish(call, result);
}

/** Reads what is known when an answer is complete: of the last part of a stream too. */
export function readFinish(call: AnswerListener, finish: unknown): void {
  const usage = readAiSdkUsage(field(finish, "usage"));
  if (usage !== undefined) call.usage(usage);
  const reason = finishReason(field(finish, "finishReason"));
  call.response({
    finishReasons: reason === undefined ? undefined : [reason],
    costUsd: billedCost(field(finish, "providerMetadata")),
  });
}

/** The provider's own word where the model passes it on, as clients of the provider say it. */
function finishReason(reason: unknown): string | undefined {
  return typeof reason === "string" ? reason : (text(reason, "raw") ?? text(reason, "unified"));
}
