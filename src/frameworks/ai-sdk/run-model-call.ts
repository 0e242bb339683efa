import { contentCapture } from "../../agent/content/capture-mode.ts";
import type { Lifetime } from "../../agent/streams/lifetime.ts";
import { ToldModelCall } from "../../agent/told/told-model-call.ts";
import { isAgentError } from "../../errors/agent-error.ts";
import { field } from "../../instrumentation/fields.ts";
import { reportFailure, safely } from "../../internal/warn-once.ts";
import { readAnswer } from "./answer.ts";
import { AnswerStream } from "./answer-stream.ts";
import { AnswerText } from "./answer-text.ts";
import { inputMessages, outputMessages } from "./content.ts";
import { followInPlace, isReadableStream } from "./follow-in-place.ts";
import type { HookedCall } from "./hooks.ts";
import { shownError, showsInputs, showsOutputs } from "./kept-back.ts";
import { addServer, modelRequest } from "./model-request.ts";
import type { Operation } from "./operation.ts";

/** Runs one request to a model; each retry is one of its own. @throws the refusal of a limit, and what the request throws. */
export async function runModelCall<T>(hooked: HookedCall<T>, operation: Operation): Promise<T> {
  operation.hasAsked = true;
  const request = modelRequest(hooked, operation.streams);
  let call: ToldModelCall;
  try {
    call = new ToldModelCall(request, { clients: "inside", parent: operation.context });
  } catch (error) {
    if (isAgentError(error)) throw error;
    reportFailure("opening a model call of the AI SDK", error);
    return hooked.execute();
  }
  if (contentCapture.active && showsInputs(hooked))
    safely("reading a prompt of the AI SDK", () => call.input(inputMessages(hooked)));
  let result: T;
  try {
    result = await call.run(hooked.execute);
  } catch (error) {
    operation.failure = { error: shownError(hooked, error) };
    call.fail(operation.failure.error);
    throw error;
  }
  operation.failure = undefined;
  safely("reading an answer of the AI SDK", () => {
    addServer(call, request, result);
    readAnswer(call, result);
  });
  const stream = field(result, "stream");
  const keeps = contentCapture.active && showsOutputs(hooked);
  if (isReadableStream(stream)) {
    const answer = new AnswerStream(call, keeps ? new AnswerText() : undefined);
    const lifetime = lifetimeOf(hooked, call, answer, operation);
    safely("following an answer of the AI SDK", () =>
      followInPlace(stream, lifetime, "the AI SDK", answer.read),
    );
    watchResult(result, operation);
    return result;
  }
  if (keeps) safely("reading an answer of the AI SDK", () => call.output(outputMessages(result)));
  call.end();
  return result;
}

/** Knows nothing of the stream: that would keep it from being garbage. */
function lifetimeOf(
  hooked: unknown,
  call: ToldModelCall,
  answer: AnswerStream,
  operation: Operation,
): Lifetime {
  const fails = (error: unknown): void => {
    operation.failure = { error: shownError(hooked, error) };
    call.fail(operation.failure.error);
  };
  const over = (): void => {
    release();
    const { failure } = answer;
    if (failure === undefined) answer.end();
    else fails(failure.error);
  };
  const lifetime: Lifetime = {
    run: (fn) => call.run(fn),
    end: over,
    fail(error) {
      release();
      fails(error);
    },
    leave() {
      over();
      // After a failure the AI SDK may go on with another attempt.
      if (answer.failure === undefined) operation.leave();
    },
  };
  const release = operation.holds(lifetime);
  return lifetime;
}

/** Each step keeps the headers of its answer, and its operation all of its steps. */
function watchResult(result: unknown, operation: Operation): void {
  const headers = field(field(result, "response"), "headers");
  if (typeof headers === "object" && headers !== null) operation.watch(headers, "the AI SDK");
}
