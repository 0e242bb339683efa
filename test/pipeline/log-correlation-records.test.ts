import { Console } from "node:console";
import { Writable } from "node:stream";
import { context, logs, ROOT_CONTEXT } from "@opentelemetry/api";
import { ExportResultCode } from "@opentelemetry/core";
import {
  BatchLogRecordProcessor,
  InMemoryLogRecordExporter,
  LoggerProvider,
  type LogRecordExporter,
  type LogRecordProcessor,
  SimpleLogRecordProcessor,
} from "@opentelemetry/sdk-logs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LogLine, logCorrelation } from "../../src/agent/log-correlation.ts";
import { agent } from "../../src/index.ts";
import { boundedFields, boundedValue } from "../../src/pipeline/log-correlation/bounded-value.ts";
import { correlateConsole } from "../../src/pipeline/log-correlation/console.ts";
import { emitLogRecord } from "../../src/pipeline/log-correlation/log-records.ts";
import { SpanRecorder } from "../../src/testing/index.ts";

const LINE: LogLine = { logger: "pino", level: "info", severity: 9, body: "hello" };

let recorder: SpanRecorder;
beforeEach(() => {
  recorder = new SpanRecorder();
});
afterEach(() => {
  recorder.stop();
  logs.disable();
  logCorrelation.use([]);
});

function provide(processor: LogRecordProcessor): LoggerProvider {
  const provider = new LoggerProvider({ processors: [processor] });
  logs.setGlobalLoggerProvider(provider);
  return provider;
}

function inMemory() {
  const exporter = new InMemoryLogRecordExporter();
  const provider = provide(new SimpleLogRecordProcessor({ exporter }));
  return async () => {
    await provider.forceFlush();
    return exporter.getFinishedLogRecords();
  };
}

describe("a log record", () => {
  it("has the ids and the agent of where the line was logged", async () => {
    const finished = inMemory();
    await agent("researcher", async () => emitLogRecord(LINE))();
    const [record] = await finished();
    const { traceId, spanId } = recorder.get("invoke_agent researcher");
    expect(record?.spanContext).toMatchObject({ traceId, spanId });
    expect(record?.attributes).toEqual({ "gen_ai.agent.name": "researcher" });
    expect(record).toMatchObject({ severityNumber: 9, severityText: "info", body: "hello" });
  });

  it("has the ids and the agent of the context that the line brings, wherever it is made", async () => {
    const finished = inMemory();
    const place = await agent("researcher", async () => context.active())();
    emitLogRecord({ ...LINE, context: place });
    await agent("other", async () => emitLogRecord({ ...LINE, context: ROOT_CONTEXT }))();
    const [there, nowhere] = await finished();
    expect(there?.spanContext?.spanId).toBe(recorder.get("invoke_agent researcher").spanId);
    expect(there?.attributes).toEqual({ "gen_ai.agent.name": "researcher" });
    expect([nowhere?.spanContext, nowhere?.attributes]).toEqual([undefined, {}]);
  });

  it("keeps a field of the user's by the agent's name", async () => {
    const finished = inMemory();
    const fields = { "gen_ai.agent.name": "mine" };
    await agent("researcher", async () => emitLogRecord({ ...LINE, fields }))();
    expect((await finished())[0]?.attributes).toEqual(fields);
  });

  it("is nothing without a logger provider", () => {
    expect(() => emitLogRecord(LINE)).not.toThrow();
  });

  it.each([
    [
      "fields that throw",
      {
        ...LINE,
        fields: new Proxy(
          {},
          {
            ownKeys: () => {
              throw new Error("mine");
            },
          },
        ),
      },
    ],
    ["an error that is none", { ...LINE, error: Object.create(null) as unknown }],
  ])("with %s does not reach the line", async (_, line) => {
    const finished = inMemory();
    logCorrelation.use(["pino"], emitLogRecord);
    expect(() => logCorrelation.record("pino", () => line)).not.toThrow();
    await finished();
  });
});

describe("an exporter that logs", () => {
  function loggingConsole(exporter: (log: Console) => LogRecordExporter) {
    const log = new Console(new Writable({ write: (_chunk, _, done) => done() }));
    const restore = correlateConsole(log);
    logCorrelation.use(["console"], emitLogRecord);
    return { log, exporter: exporter(log), restore };
  }

  function counting(log: Console, sizes: number[]): LogRecordExporter {
    return {
      export(records, done) {
        sizes.push(records.length);
        log.error("exporting");
        setImmediate(() => {
          log.error("exported");
          done({ code: ExportResultCode.SUCCESS });
        });
      },
      forceFlush: async () => {},
      shutdown: async () => {},
    };
  }

  it("is not fed its own lines, one by one", async () => {
    const sizes: number[] = [];
    const { log, exporter, restore } = loggingConsole((console) => counting(console, sizes));
    const provider = provide(new SimpleLogRecordProcessor({ exporter }));
    log.log("hello");
    await provider.forceFlush();
    await provider.forceFlush();
    restore();
    expect(sizes).toEqual([1]);
  });

  it("is not fed its own lines, in batches", async () => {
    const sizes: number[] = [];
    const { log, exporter, restore } = loggingConsole((console) => counting(console, sizes));
    const provider = provide(new BatchLogRecordProcessor({ exporter }));
    for (let line = 0; line < 3; line++) log.log("hello");
    for (let flush = 0; flush < 3; flush++) await provider.forceFlush();
    restore();
    expect(sizes).toEqual([3]);
  });
});

describe("what a log record holds of a line", () => {
  it("is cut in length, width and depth", () => {
    const cyclic: Record<string, unknown> = { a: 1 };
    cyclic["self"] = cyclic;
    expect(String(boundedValue("x".repeat(100_000)))).toHaveLength(16_384);
    expect(boundedValue(new Array(1_000).fill(1))).toHaveLength(64);
    const wide = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`key${index}`, index]));
    expect(Object.keys(boundedFields(wide))).toHaveLength(64);
    expect(boundedValue(cyclic)).toEqual({
      a: 1,
      self: { a: 1, self: { a: 1, self: { a: 1, self: "[object]" } } },
    });
  });

  it.each([
    [1n, "1"],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [new Date(Number.NaN), undefined],
    [new TypeError("no"), "TypeError: no"],
    [new Uint8Array(3), "[3 bytes]"],
    [null, null],
    [Symbol("x"), undefined],
    [{ f() {} }, {}],
    [
      [undefined, () => {}],
      [null, null],
    ],
  ])("of %o is %o", (value, kept) => {
    expect(boundedValue(value)).toEqual(kept);
  });
});
