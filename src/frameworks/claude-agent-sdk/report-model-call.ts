import type { Context } from "@opentelemetry/api";
import { activeScope } from "../../agent/active-scope.ts";
import { type AdmittedCall, askBeforeModelCall } from "../../agent/call-guard.ts";
import { ModelCall } from "../../agent/model-call.ts";
import { isAgentError } from "../../errors/agent-error.ts";
import type { TranscriptCall } from "./transcript.ts";

/** Tells of a model call that is over. @returns What a limit has refused: it was made all the same, and counts. */
export function reportModelCall(
  { id, model, startMs, endMs, usage, stopReason }: TranscriptCall,
  provider: string,
  parent: Context,
): unknown {
  const request = { provider, model };
  let admitted: AdmittedCall | undefined;
  let refusal: unknown;
  try {
    admitted = askBeforeModelCall(request, undefined, activeScope(parent), null);
  } catch (error) {
    if (!isAgentError(error)) throw error;
    refusal = error;
  }
  const times = { startMs, durationMs: Math.max(0, endMs - startMs) };
  const call = new ModelCall(request, { ...times, parent, told: true }, admitted);
  if (usage !== undefined) call.usage(usage);
  call.response({
    id: id === "" ? undefined : id,
    model,
    finishReasons: stopReason === undefined ? undefined : [stopReason],
  });
  call.end();
  return refusal;
}
