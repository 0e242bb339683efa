import type { RequestBody } from "./read-body.ts";
import { MODELS_PATH, methodFor } from "./route.ts";
import type { ScriptedFailure } from "./scripted-answer.ts";
import type { ReceivedRequest } from "./scripted-request.ts";

/** Why the provider would not even ask the model, or `undefined` when it would. */
export function rejection(request: ReceivedRequest, body: RequestBody): ScriptedFailure | undefined {
  const { method, path } = request;
  const allowed = methodFor(path);
  if (allowed === undefined) return { status: 404, message: `Unknown request URL: ${method} ${path}.` };
  if (allowed !== method) return { status: 405, message: `Not allowed to ${method} on ${path}.` };
  if (path === MODELS_PATH) return undefined;
  if (body.kind === "too_large") return { status: 413, message: "Request exceeds the maximum size." };
  if (body.kind !== "json") return { status: 400, message: "The body of your request is not valid JSON." };
  if (request.model === undefined) return { status: 400, message: "model: you must provide a model." };
  return undefined;
}
