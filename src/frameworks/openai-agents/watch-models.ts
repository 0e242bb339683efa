import { followIterator } from "../../agent/streams/follow-iterator.ts";
import { ToldModelCall } from "../../agent/told/told-model-call.ts";
import { field } from "../../instrumentation/fields.ts";
import { warnOnce } from "../../internal/warn-once.ts";
import { modelRequest } from "./model-request.ts";
import type { OpenAIAgentsOptions } from "./options.ts";
import { runs } from "./runs.ts";
import type { OpenAIAgentsModule } from "./sdk.ts";
import { SeenModelCall } from "./seen-model-call.ts";
import { markWatched } from "./watched-calls.ts";

/** On every method that we put in place, so that a module that is given twice is patched once. */
const PATCHED = Symbol.for("agent-otel.patched");

type Method = ((this: object, request: unknown) => unknown) & { [PATCHED]?: true };

/**
 * Sees the calls of the SDK's own model classes, of which its spans tell too little: the model where the call failed, when the first piece
 * of an answer came. And here a limit can refuse one.
 */
export function watchModels(sdk: OpenAIAgentsModule, options: OpenAIAgentsOptions): void {
  for (const model of [sdk.OpenAIResponsesModel, sdk.OpenAIChatCompletionsModel]) {
    // The core alone has no models of OpenAI's.
    if (model === undefined && field(sdk, "OpenAIProvider") === undefined) continue;
    const prototype: unknown = field(model, "prototype");
    if (
      !["getResponse", "getStreamedResponse"].every((name) => typeof field(prototype, name) === "function")
    ) {
      warnOnce(
        "openai-agents:models",
        "this version of @openai/agents has other model classes than those known (0.20): of its model calls only its spans tell",
      );
      continue;
    }
    patch(prototype as object, "getResponse", (call, answer) => call.whole(answer));
    patch(prototype as object, "getStreamedResponse", (call, answer) =>
      followIterator(call.run(answer) as AsyncGenerator, call, "getStreamedResponse", (event) =>
        call.event(event),
      ),
    );
  }

  function patch(
    prototype: object,
    name: string,
    follow: (call: SeenModelCall, answer: () => unknown) => unknown,
  ): void {
    const original = field(prototype, name) as Method;
    if (original[PATCHED]) return;
    const patched: Method = function (request) {
      const call = begin(this, request, name === "getStreamedResponse", options);
      const answer = () => Reflect.apply(original, this, [request]) as unknown;
      return call === undefined ? answer() : follow(call, answer);
    };
    patched[PATCHED] = true;
    Object.defineProperty(patched, "name", { value: name, configurable: true });
    Object.defineProperty(prototype, name, { value: patched, configurable: true, writable: true });
  }
}

/** @returns `undefined` where tracing is off, in the SDK or for this run. @throws what refuses the call. */
function begin(
  model: object,
  request: unknown,
  stream: boolean,
  options: OpenAIAgentsOptions,
): SeenModelCall | undefined {
  const run = runs.current();
  if (run === undefined) return undefined;
  const asked = modelRequest(model, request, stream, options.provider ?? run.options.provider);
  try {
    run.throwRefusal();
    const call = new ToldModelCall(asked, { clients: "inside" });
    return new SeenModelCall(call, markWatched(call), request, run);
  } catch (refusal) {
    run.seen = refusal;
    throw refusal;
  }
}
