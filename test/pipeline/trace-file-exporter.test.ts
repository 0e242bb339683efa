import {
  appendFileSync,
  createReadStream,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Attributes,
  type DiagLogger,
  diag,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { traceFileExporter } from "../../src/pipeline/trace-file-exporter.ts";
import { formatTrace } from "../../src/telemetry/format-trace.ts";
import { MAX_LINE_BYTES, readOtlpJsonLines } from "../../src/telemetry/otlp-json-lines.ts";

describe("traceFileExporter", () => {
  let directory: string;
  let file: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "agent-otel-"));
    file = join(directory, "spans.jsonl");
  });

  afterEach(() => {
    diag.disable();
    rmSync(directory, { recursive: true, force: true });
  });

  it("writes what the reader reads back: the tree from the file is the tree from memory", async () => {
    const spans = sdkSpans();
    const exporter = traceFileExporter(file);
    for (const span of spans)
      expect(await exported(exporter, [span])).toEqual({ code: ExportResultCode.SUCCESS });
    await exporter.shutdown();

    const { spans: read, ...counts } = await readOtlpJsonLines(createReadStream(file));
    expect(counts).toEqual({ skippedLines: 0, skippedSpans: 0, torn: false });
    expect(formatTrace(read, { attributes: true })).toBe(formatTrace(spans, { attributes: true }));
    expect(read.map(({ resource }) => resource["service.name"])).toEqual(["newsroom", "newsroom"]);
  });

  it("creates the file at the first write, for its owner only, and appends to it", async () => {
    const exporter = traceFileExporter(file);
    expect(existsSync(file)).toBe(false);
    await exported(exporter, sdkSpans());
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await exported(traceFileExporter(file), sdkSpans());
    expect(readFileSync(file, "utf8").match(/\n/g)).toHaveLength(2);
  });

  it("starts a new line behind one that a killed process left half written", async () => {
    appendFileSync(file, '{"resourceSpans":[{"reso');
    await exported(traceFileExporter(file), sdkSpans());
    const read = await readOtlpJsonLines(createReadStream(file));
    expect(read).toMatchObject({ skippedLines: 1, torn: false });
    expect(read.spans).toHaveLength(2);
  });

  it("splits a batch whose line readers would skip as too long", async () => {
    const large = "x".repeat(MAX_LINE_BYTES * 0.75);
    await exported(traceFileExporter(file), [...sdkSpans({ large }), ...sdkSpans({ large })]);
    const read = await readOtlpJsonLines(createReadStream(file));
    expect(read).toMatchObject({ skippedLines: 0, torn: false });
    expect(read.spans).toHaveLength(4);
  });

  it("flushes what is still being written, and can be flushed and shut down twice", async () => {
    const exporter = traceFileExporter(file);
    const results = [exported(exporter, sdkSpans()), exported(exporter, sdkSpans())];
    await exporter.forceFlush?.();
    expect(readFileSync(file, "utf8").match(/\n/g)).toHaveLength(2);
    expect(await Promise.all(results)).toHaveLength(2);
    await exporter.shutdown();
    await exporter.shutdown();
    await exporter.forceFlush?.();
  });

  it("fails exports after shutdown and writes nothing for no spans", async () => {
    const exporter = traceFileExporter(file);
    expect(await exported(exporter, [])).toEqual({ code: ExportResultCode.SUCCESS });
    await exporter.shutdown();
    expect((await exported(exporter, sdkSpans())).code).toBe(ExportResultCode.FAILED);
    expect(existsSync(file)).toBe(false);
  });

  it("reports a failed write to diag once, fails each export, and writes again when it can", async () => {
    const errors = recordDiagErrors();
    const exporter = traceFileExporter(file);
    rmSync(directory, { recursive: true });
    expect(await exported(exporter, sdkSpans())).toMatchObject({
      code: ExportResultCode.FAILED,
      error: { code: "ENOENT" },
    });
    expect((await exported(exporter, sdkSpans())).code).toBe(ExportResultCode.FAILED);
    expect(errors).toEqual([expect.stringContaining(`cannot write spans to ${file}`)]);
    await exporter.forceFlush?.();
    await exporter.shutdown();
  });

  it.each([
    ["", "the path is empty"],
    ["/no/such/place/spans.jsonl", "there is no directory /no/such/place"],
    [tmpdir(), "it is a directory"],
  ])("refuses the path %j when it is built", (path, why) => {
    expect(() => traceFileExporter(path)).toThrow(why);
    expect(() => traceFileExporter(path)).toThrow("AGENT_OTEL_TRACE_FILE");
  });
});

/** An agent span and the failed model call below it, finished. */
function sdkSpans(attributes: Attributes = {}): ReadableSpan[] {
  const memory = new InMemorySpanExporter();
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": "newsroom" }),
    spanProcessors: [new SimpleSpanProcessor({ exporter: memory })],
  });
  const tracer = provider.getTracer("agent-otel");
  const agent = tracer.startSpan("invoke_agent writer", { attributes });
  const chat = tracer.startSpan(
    "chat m",
    {
      attributes: {
        ...attributes,
        "gen_ai.operation.name": "chat",
        "gen_ai.usage.input_tokens": 10,
        "gen_ai.usage.output_tokens": 5,
        "gen_ai.usage.cost.amount": 0.000041,
        "error.type": "Timeout",
        tags: ["a", "b"],
      },
    },
    trace.setSpan(ROOT_CONTEXT, agent),
  );
  chat.addEvent("retry", { attempt: 2 });
  chat.setStatus({ code: SpanStatusCode.ERROR, message: "too slow" });
  chat.end();
  agent.end();
  return memory.getFinishedSpans();
}

function exported(
  exporter: ReturnType<typeof traceFileExporter>,
  spans: ReadableSpan[],
): Promise<ExportResult> {
  return new Promise((resolve) => exporter.export(spans, resolve));
}

function recordDiagErrors(): string[] {
  const errors: string[] = [];
  const silent = (): void => {};
  const logger: DiagLogger = {
    error: (message) => void errors.push(message),
    warn: silent,
    info: silent,
    debug: silent,
    verbose: silent,
  };
  diag.setLogger(logger);
  return errors;
}
