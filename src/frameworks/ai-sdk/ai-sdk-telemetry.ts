import { text } from "../../instrumentation/fields.ts";
import { safely } from "../../internal/warn-once.ts";
import { embeddingEnded, embeddingStarted, objectEnded, objectStarted } from "./heard-model-calls.ts";
import type { AiSdkTelemetry } from "./hooks.ts";
import { openOperation, operationOf } from "./open-operations.ts";
import type { Operation } from "./operation.ts";
import { operationEnded, operationFailed } from "./operation-ends.ts";
import { operationParts } from "./operation-parts.ts";
import { isBesideOther } from "./other-recorder.ts";
import { runModelCall } from "./run-model-call.ts";
import { runTool, toolEnded } from "./run-tool.ts";

/** Options of {@link aiSdkTelemetry}. */
export interface AiSdkTelemetryOptions {
  /**
   * The name of the agent that a call is, of its `telemetry.functionId`; `undefined` where it is none: then its model calls and tools are
   * those of the agent around it. Must be low in cardinality. @default the `functionId`
   */
  readonly agentName?: (functionId: string) => string | undefined;
  /** Puts arguments and results of tools on their spans, with secrets redacted and cut to 4 KiB each. @default false */
  readonly capture?: boolean;
}

/**
 * Watches the AI SDK (`ai` 7) through its own telemetry hook: `registerTelemetry(aiSdkTelemetry())`, once, before the first call. Nothing is
 * patched, so it works in bundles.
 *
 * A call with a `telemetry.functionId` is an agent of that name; one without belongs to the agent around it. Each request to a model is a
 * model call with tokens and cost, retries included; each tool is a tool, and what runs in it is below it.
 *
 * @returns What `registerTelemetry` and `telemetry.integrations` take. Registered twice, it records once.
 * @throws TypeError when an option is unfit.
 */
export function aiSdkTelemetry(options: AiSdkTelemetryOptions = {}): AiSdkTelemetry {
  const { agentName = (functionId: string) => functionId, capture = false } = options;
  if (typeof agentName !== "function")
    throw new TypeError(`aiSdkTelemetry: agentName must be a function, got ${typeof agentName}`);
  if (typeof capture !== "boolean")
    throw new TypeError(`aiSdkTelemetry: capture must be true or false, got ${String(capture)}`);

  /** @returns `undefined` where somebody else records it. */
  const find = (event: unknown): Operation | undefined =>
    isBesideOther(hooks) ? undefined : operationOf(text(event, "callId"), hooks);
  const told = (what: string, fn: (event: unknown, operation: Operation) => void) => (event: unknown) =>
    safely(`${what} of the AI SDK`, () => {
      const operation = find(event);
      if (operation !== undefined) fn(event, operation);
    });

  const hooks: AiSdkTelemetry = {
    onStart: (event) =>
      safely("the start of a call of the AI SDK", () => {
        const id = text(event, "callId");
        if (id === undefined || isBesideOther(hooks)) return;
        openOperation(id, () => ({ ...operationParts(event, agentName), owner: hooks }));
      }),
    onToolExecutionEnd: told("the end of a tool", toolEnded),
    onObjectStepStart: told("the start of a model call", objectStarted),
    onObjectStepEnd: told("the end of a model call", objectEnded),
    onEmbedStart: told("the start of an embedding", embeddingStarted),
    onEmbedEnd: told("the end of an embedding", embeddingEnded),
    onEnd: told("the end of a call", operationEnded),
    onAbort: told("the abort of a call", (_, operation) => operation.leave()),
    onError: told("the failure of a call", operationFailed),
    executeLanguageModelCall(call) {
      const operation = find(call);
      return operation === undefined ? call.execute() : runModelCall(call, operation);
    },
    executeTool(call) {
      const operation = find(call);
      return operation === undefined ? call.execute() : runTool(call, operation, capture);
    },
  };
  return hooks;
}
