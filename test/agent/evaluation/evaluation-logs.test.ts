import { context, logs, trace } from "@opentelemetry/api";
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { agent, recordEvaluation } from "../../../src/index.ts";
import { watch } from "../support.ts";

const seen = watch();
let exporter: InMemoryLogRecordExporter;

beforeEach(() => {
  exporter = new InMemoryLogRecordExporter();
  logs.setGlobalLoggerProvider(
    new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] }),
  );
});
afterEach(() => logs.disable());

describe("with a logs pipeline", () => {
  it("an evaluation is a log record of the evaluated span too, whoever is at work by then", () => {
    let span = trace.getSpan(context.active());
    agent("judged", () => {
      span = trace.getSpan(context.active());
    })();
    agent("judge", () => recordEvaluation(span, { name: "relevance", score: 1 }))();
    const [record] = exporter.getFinishedLogRecords();
    expect(record?.eventName).toBe("gen_ai.evaluation.result");
    expect(record?.spanContext?.spanId).toBe(seen.spans.get("invoke_agent judged").spanId);
    expect(record?.attributes).toEqual({
      "gen_ai.evaluation.name": "relevance",
      "gen_ai.evaluation.score.value": 1,
    });
  });
});
