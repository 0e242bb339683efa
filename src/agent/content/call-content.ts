import type { Attributes, Context, SpanContext } from "@opentelemetry/api";
import { TraceFlags } from "@opentelemetry/api";
import { safely } from "../../internal/warn-once.ts";
import { type EventKind, emitEvent, wantsEvent } from "../../telemetry/events.ts";
import * as names from "../../telemetry/semconv.ts";
import { activeScopeIn } from "../active-scope.ts";
import { boundedMessages, boundedParts, boundedTools } from "./bounded.ts";
import { contentCapture } from "./capture-mode.ts";
import type { ContentMessage, RequestContent } from "./message.ts";
import { chainOf, contentHistory, type RecordedHistory } from "./recorded-history.ts";

const DETAILS: EventKind = {
  eventName: names.EVENT_INFERENCE_DETAILS,
  severityNumber: 5,
  severityText: "DEBUG",
};

/**
 * The text of one model call, on its way to the span, to an event, or to both. Cleaned and copied when it is given, since
 * callers go on with their arrays of messages. What goes wrong in here costs the content and nothing else.
 */
export class CallContent {
  readonly #onSpan: boolean;
  readonly #onEvent: boolean;
  /** By the name of the attribute, as plain data. */
  readonly #texts: Record<string, readonly object[]> = {};
  #output: (() => readonly ContentMessage[]) | undefined;
  /** What calls before this one have recorded, of each place where this one's text goes. */
  readonly #histories: readonly RecordedHistory[];
  /** The digests of what the model was asked. */
  #chain: readonly number[] = [];

  private constructor(onSpan: boolean, onEvent: boolean, context: Context) {
    this.#onSpan = onSpan;
    this.#onEvent = onEvent;
    const { span, event } = contentHistory.of(activeScopeIn(context));
    this.#histories = [...(onSpan ? [span] : []), ...(onEvent ? [event] : [])];
  }

  /** @returns `undefined` where the text would get nowhere: then nothing of it is to be read. */
  static of(context: Context, span: SpanContext | undefined): CallContent | undefined {
    // A span that is recorded but not sampled goes nowhere.
    const sampled = span !== undefined && (span.traceFlags & TraceFlags.SAMPLED) !== 0;
    const onSpan = contentCapture.onSpan && sampled;
    const onEvent = contentCapture.onEvent && wantsEvent(DETAILS, context);
    return onSpan || onEvent ? new CallContent(onSpan, onEvent, context) : undefined;
  }

  /** @param read Gives what the model is asked, all or a part; a later report of a part replaces the earlier one. */
  request(read: () => RequestContent): void {
    safely("recording the content of a request", () => {
      const { system, input, tools } = read();
      if (system?.length) this.#texts[names.ATTR_SYSTEM_INSTRUCTIONS] = boundedParts(system);
      if (input?.length) this.#texts[names.ATTR_INPUT_MESSAGES] = this.#newMessages(input);
      if (tools?.length) this.#texts[names.ATTR_TOOL_DEFINITIONS] = boundedTools(tools);
    });
  }

  /** Of a history that grows with each call: what no call before has recorded, and how much that was. The newest always. */
  #newMessages(input: readonly ContentMessage[]): readonly ContentMessage[] {
    this.#chain = chainOf(input);
    const before = Math.min(
      ...this.#histories.map((history) => history.known(this.#chain)),
      input.length - 1,
    );
    return boundedMessages(input, before);
  }

  /** @param read Asked once, at the end of the call: gives as much of the answer as was seen by then. */
  output(read: () => readonly ContentMessage[]): void {
    this.#output = read;
  }

  /** Before the call ends. @param attributes Of its span; gets the texts as JSON. */
  finish(attributes: Attributes): void {
    safely("recording the content of an answer", () => {
      const output = this.#output?.() ?? [];
      this.#output = undefined;
      if (output.length > 0) this.#texts[names.ATTR_OUTPUT_MESSAGES] = boundedMessages(output);
    });
    // Known from now on, and not from the request on: a call around this one may tell of the same, and has to tell it whole.
    for (const history of this.#histories) history.add(this.#chain);
    if (!this.#onSpan) return;
    for (const key in this.#texts) attributes[key] = JSON.stringify(this.#texts[key]);
  }

  /** When the call has ended, as nothing more is added to its attributes then, and it is not on the call's time. */
  emit(context: Context, attributes: Attributes): void {
    if (this.#onEvent) emitEvent(DETAILS, context, () => ({ ...attributes, ...this.#texts }));
  }
}
