import { field, list } from "../../instrumentation/fields.ts";
import { warnOnce } from "../../internal/warn-once.ts";
import { showsInputs, showsOutputs } from "./kept-back.ts";
import type { Operation } from "./operation.ts";

/** Ends an operation as the AI SDK says that it ended. */
export function operationEnded(event: unknown, operation: Operation): void {
  if (operation.isOpen) checkAsked(event, operation);
  const error = field(event, "error");
  // A stream that broke ends well for the AI SDK: its reader has seen the error.
  if (field(event, "finishReason") === "error")
    operation.fail(operation.failure === undefined ? error : operation.failure.error);
  else if (error !== undefined) operation.fail(error);
  else operation.end();
}

export function operationFailed(event: unknown, operation: Operation): void {
  // With content kept back, the AI SDK tells of no error but of one of its own.
  const hidden = !(showsInputs(event) && showsOutputs(event));
  operation.fail(hidden && operation.failure !== undefined ? operation.failure.error : field(event, "error"));
}

/** Only operations of several steps say them; each of them has asked a model. */
function checkAsked(event: unknown, operation: Operation): void {
  if (operation.hasAsked || list(event, "steps").length === 0) return;
  const version = String(field(event, "aiVersion") ?? "of an unknown version");
  warnOnce(
    "ai-sdk-unasked",
    `aiSdkTelemetry() has seen a call of \`ai\` ${version} without the requests that it made, whose tokens and cost are not known. ` +
      "Requests are seen from 7.0.0 on, but not those of durable workflows.",
  );
}
