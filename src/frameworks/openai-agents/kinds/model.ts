import type { Context } from "@opentelemetry/api";
import { activeScope } from "../../../agent/active-scope.ts";
import { providerOf } from "../../../agent/foreign/provider.ts";
import { toldAround } from "../../../agent/told/beside.ts";
import { ToldModelCall } from "../../../agent/told/told-model-call.ts";
import { field, list, text } from "../../../instrumentation/fields.ts";
import { ATTR_PROVIDER } from "../../../telemetry/semconv.ts";
import { type Opened, transparent } from "../open-span.ts";
import type { Run } from "../run.ts";
import type { SdkSpan } from "../sdk.ts";
import { toldError } from "../told-error.ts";
import { inputMessages, outputMessages } from "../told-messages.ts";
import { usageOfSpan } from "../told-usage.ts";
import { watchedCall } from "../watched-calls.ts";

/** A model call, where nobody has seen more of it than the SDK's span. */
export function openModelSpan(span: SdkSpan, parent: Context, run: Run): Opened {
  const watched = watchedCall(toldAround(activeScope(parent)));
  if (watched !== undefined) {
    watched.span = span;
    return transparent(parent);
  }
  const call = new ToldModelCall(
    { provider: run.options.provider ?? "openai", model: modelOf(span) },
    { clients: "inside", parent },
  );
  return {
    context: call.context,
    finish(ended, left) {
      tell(call, ended, run);
      if (ended.error !== null) call.fail(toldError(ended.error, run.seen));
      else if (left) call.leave();
      else call.end();
    },
  };
}

/** Of a generation it is told when it begins, of a response at its end. */
export function modelOf({ spanData }: SdkSpan): string | undefined {
  const model = text(spanData, "model") ?? text(field(spanData, "_response"), "model");
  const vendor = vendorOf(spanData);
  return vendor !== undefined && model?.startsWith(`${vendor}:`) ? model.slice(vendor.length + 1) : model;
}

/** The SDK's models over those of the AI SDK say whose they are. */
function vendorOf(spanData: unknown): string | undefined {
  return text(field(spanData, "model_config"), "provider");
}

function tell(call: ToldModelCall, span: SdkSpan, run: Run): void {
  const { spanData } = span;
  const [completion] = list(spanData, "output");
  const response = field(spanData, "_response") ?? completion;
  const usage = usageOfSpan(field(response, "usage"), field(spanData, "usage"));
  const model = modelOf(span);
  const vendor = vendorOf(spanData);
  if (model !== undefined) call.requested({ model });
  if (vendor !== undefined && run.options.provider === undefined)
    call.requested({ provider: providerOf({ [ATTR_PROVIDER]: vendor }, model) });
  if (usage !== undefined) call.usage(usage);
  call.response({
    id: text(response, "id") ?? text(spanData, "response_id"),
    model: text(response, "model"),
  });
  call.input(inputMessages(undefined, field(spanData, "_input") ?? field(spanData, "input")));
  const choices = list(completion, "choices").map((choice) => field(choice, "message"));
  call.output(outputMessages(choices.length > 0 ? choices : field(response, "output")));
}
