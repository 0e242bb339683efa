import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach } from "vitest";
import { onCall } from "../../src/agent/call-log.ts";
import { recordUsage } from "../../src/agent/record-usage.ts";
import type { CallRecord } from "../../src/telemetry/call-record.ts";
import { SpanRecorder, type SpanRecorderOptions } from "../../src/testing/span-recorder.ts";

export interface Watch {
  /** Fresh for each test; absent where a suite runs without an SDK. */
  readonly spans: SpanRecorder;
  readonly records: CallRecord[];
  /** What was said through `diag.warn` and `diag.error`; a span that ends twice is among it. */
  readonly warnings: string[];
}

/** Records spans, call records and diag warnings of each test of the file. */
export function watch(options: SpanRecorderOptions | "no sdk" = {}): Watch {
  let spans: SpanRecorder | undefined;
  let stop = (): void => {};
  const records: CallRecord[] = [];
  const warnings: string[] = [];
  beforeEach(() => {
    const note = (message: string): void => void warnings.push(message);
    const logger = { error: note, warn: note, info() {}, debug() {}, verbose() {} };
    diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
    records.length = 0;
    warnings.length = 0;
    if (options !== "no sdk") spans = new SpanRecorder(options);
    const recorder = spans;
    stop = onCall((record) => {
      // A stream that an earlier test dropped may end as garbage during this one.
      const mine = recorder === undefined || recorder.spans.some(({ spanId }) => spanId === record.spanId);
      if (mine) records.push(record);
    });
  });
  afterEach(() => {
    stop();
    spans?.stop();
    diag.disable();
  });
  return {
    get spans() {
      if (spans === undefined) throw new Error("this suite runs without an SDK");
      return spans;
    },
    records,
    warnings,
  };
}

/** A model call of 10 tokens and a tenth of a cent. */
export function askModel(model = "test-model"): void {
  recordUsage({ model, provider: "openai", inputTokens: 7, outputTokens: 3, costUsd: 0.001 });
}

/** Resolves in a later turn of the event loop, with no timer of a guessed length. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A promise to be settled by hand. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: () => resolve() };
}
