import type { Context } from "@opentelemetry/api";
import { contentCapture } from "../../../agent/content/capture-mode.ts";
import type { ModelRequest } from "../../../agent/model-call.ts";
import { ToldModelCall } from "../../../agent/told/told-model-call.ts";
import { field, text } from "../../../instrumentation/fields.ts";
import { errorOf } from "../error-of.ts";
import type { MastraExportedSpan, MastraSpanOptions } from "../mastra-span.ts";
import { inputMessages, outputMessages } from "../messages.ts";
import { modelRequest } from "../model-request.ts";
import { agentAround, type OpenSpan } from "../open-span.ts";
import { readMastraUsage } from "../usage.ts";

/** One request to a provider. */
export function openInference(
  { attributes }: MastraSpanOptions,
  parent: Context,
  around: OpenSpan | undefined,
): OpenSpan {
  const agent = agentAround(around);
  // A model that is asked in place of the one that failed: nobody tells why that was.
  for (const fail of agent?.failing?.splice(0) ?? []) fail(new Error("the model call failed"));
  const call = admitted(attributes, parent, agent);
  const streams = field(attributes, "streaming") === true;
  let begun = false;
  return toldSpan(call, around, {
    chunk() {
      // Mastra tells of whole parts of an answer: only of the first it is known when it came.
      if (streams && !begun) call.chunk();
      begun = true;
    },
    updated({ input }) {
      if (contentCapture.active && input !== undefined) call.input(inputMessages(input));
    },
  });
}

/** Mastra does not end the span of an agent whose model call could not begin. */
function admitted(attributes: unknown, parent: Context, agent: OpenSpan | undefined): ToldModelCall {
  try {
    return new ToldModelCall(modelRequest(attributes), { clients: "inside", parent });
  } catch (refusal) {
    agent?.fail(refusal);
    throw refusal;
  }
}

export function openEmbedding(
  { attributes }: MastraSpanOptions,
  parent: Context,
  around: OpenSpan | undefined,
): OpenSpan {
  const request: ModelRequest = { ...modelRequest(attributes), operation: "embeddings" };
  return toldSpan(new ToldModelCall(request, { clients: "inside", parent }), around, {});
}

function toldSpan(
  call: ToldModelCall,
  around: OpenSpan | undefined,
  more: Pick<OpenSpan, "chunk" | "updated">,
): OpenSpan {
  const span: OpenSpan = {
    context: call.context,
    isModelCall: true,
    around,
    answered: () => call.answered(),
    ...more,
    end: (told) => settle(call, told, agentAround(around)),
    fail: (error) => call.fail(error),
    leave: () => call.leave(),
  };
  if (around !== undefined) around.inner = span;
  return span;
}

function settle(call: ToldModelCall, told: MastraExportedSpan, agent: OpenSpan | undefined): void {
  const { attributes, output } = told;
  const usage = readMastraUsage(field(attributes, "usage"));
  if (usage !== undefined) call.usage(usage);
  const reason = text(attributes, "finishReason");
  call.response({
    id: text(attributes, "responseId"),
    model: text(attributes, "responseModel"),
    finishReasons: reason === undefined ? undefined : [reason],
  });
  if (contentCapture.active && output !== undefined) call.output(outputMessages(output));
  const error = errorOf(told);
  if (error !== undefined) call.fail(error);
  else if (reason === "error" && agent?.failing !== undefined)
    agent.failing.push((failure) => call.fail(failure));
  // Of a call that was broken off, Mastra tells an end without anything.
  else if (usage === undefined && reason === undefined) call.leave();
  else call.end();
}
