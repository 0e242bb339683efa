import { type Span as ApiSpan, type Context, type SpanContext, trace } from "@opentelemetry/api";
import type { Span } from "@opentelemetry/sdk-trace";
import { isModelOperation } from "../../agent/call-record.ts";
import { setRepeatCheck } from "../../agent/counted-once.ts";
import type { Told } from "../../agent/foreign/told.ts";
import * as names from "../../telemetry/semconv.ts";
import { withdrawCall } from "./enrich.ts";
import { Neighbours } from "./neighbours.ts";
import { Nest } from "./nest.ts";

/** Knows of every open span which layers are around it, so that each model call counts once, whoever tells of it. */
export class Layers {
  // Weak: a span that never ends must not be kept by us. By its context, which the wrapper of a span has in common with it:
  // OpenInference makes such wrappers the active span.
  readonly #nests = new WeakMap<SpanContext, Nest>();
  readonly #neighbours = new Neighbours();

  startForeign(span: Span, parentContext: Context): void {
    const parent = trace.getSpan(parentContext);
    const nest = new Nest(span, this.#nestOf(parent), parent?.spanContext());
    this.#nests.set(span.spanContext(), nest);
    this.#neighbours.start(nest);
  }

  /** Only model calls of ours are layers. Agents let the layers around them through, tools do not. */
  startOurs(span: Span, parentContext: Context): void {
    const operation = span.attributes[names.ATTR_OPERATION];
    const isModel = isModelOperation(operation);
    const parent = trace.getSpan(parentContext);
    const outer = this.#nestOf(parent);
    if (isModel) {
      const nest = new Nest(span, outer, parent?.spanContext());
      this.#nests.set(span.spanContext(), nest);
      // The call itself asks, since it counts without us too. Its usage is on the span a moment later.
      setRepeatCheck(span, (told) =>
        nest.settle({ ...told, operation: String(operation) }, this.#neighbours),
      );
    } else if (outer !== undefined && operation !== names.OP_EXECUTE_TOOL) {
      this.#nests.set(span.spanContext(), outer);
    }
  }

  /** Whether this model call is counted already by another layer. */
  repeats(span: ApiSpan, told: Told): boolean {
    return this.#nestOf(span)?.settle(told, this.#neighbours) ?? false;
  }

  repeated(span: Pick<ApiSpan, "spanContext">): boolean {
    return this.#nestOf(span)?.repeats === true;
  }

  endForeign(span: ApiSpan): void {
    const nest = this.#nestOf(span);
    if (nest === undefined) return;
    nest.end();
    this.#neighbours.end(nest);
  }

  endOurs(span: Span): void {
    if (!isModelOperation(span.attributes[names.ATTR_OPERATION])) return;
    const nest = this.#nestOf(span);
    if (nest?.repeats) withdrawCall(span);
    nest?.end();
  }
  #nestOf(span: Pick<ApiSpan, "spanContext"> | undefined): Nest | undefined {
    return span && this.#nests.get(span.spanContext());
  }
}
