import { isAgentError } from "../../errors/agent-error.ts";
import { field } from "../../instrumentation/fields.ts";
import { errorType } from "../../telemetry/error-type.ts";

/** The program may ask the AI SDK, call by call, to keep content from telemetry. */
export function showsInputs(event: unknown): boolean {
  return field(event, "recordInputs") !== false;
}

export function showsOutputs(event: unknown): boolean {
  return field(event, "recordOutputs") !== false;
}

/** A provider's error may quote what it was asked: where content is kept back only its class is told. */
export function shownError(event: unknown, error: unknown): unknown {
  if ((showsInputs(event) && showsOutputs(event)) || isAgentError(error)) return error;
  const bare = new Error();
  bare.name = errorType(error);
  delete bare.stack;
  return bare;
}
