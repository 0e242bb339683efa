import type { Context } from "@opentelemetry/api";
import { ModelCall, type ModelRequest } from "../../agent/model-call.ts";
import { ToldModelCall } from "../../agent/told/told-model-call.ts";
import { isAgentError } from "../../errors/agent-error.ts";

/** A model call that the AI SDK tells of at its start and at its end, and runs by itself: embeddings and objects. */
export type HeardCall = Pick<ModelCall, "usage" | "response" | "end" | "leave" | "fail">;

/**
 * Opens such a call. The AI SDK drops what a hook of these throws, so the refusal of a limit cannot stop it: it is made all the same, and
 * counts all the same.
 */
export function openHeardCall(request: ModelRequest, parent: Context): HeardCall {
  try {
    return new ToldModelCall(request, { clients: "beside", parent });
  } catch (error) {
    if (!isAgentError(error)) throw error;
    return new ModelCall(request, { parent, told: true });
  }
}
