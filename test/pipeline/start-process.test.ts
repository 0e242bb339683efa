import { describe, expect, it } from "vitest";
import { otlpSink, refusingUrl } from "./fixtures/otlp-sink.ts";
import { firstLine, runProgram } from "./fixtures/run-program.ts";

// Child processes are slow to start on a busy machine.
const TIMEOUT = 60_000;
/** The bound of 5 s, and a start-up that had to wait for the processor. Stock exporters hold a process for 10 to 30 s. */
const BOUND_MS = 9_500;

const json = (url: string) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
});

describe("a program that ends", () => {
  it.each([
    ["by-itself", 0, ["work"]],
    ["with-code-3", 3, ["work"]],
    ["after-shutdown", 0, ["work"]],
    // Node's own code for a promise at the top that nobody settled.
    ["unsettled", 13, ["work"]],
    ["work-in-before-exit", 0, ["work", "late work"]],
  ])("%s keeps its exit code, and its spans arrive", { timeout: TIMEOUT }, async (ending, code, spans) => {
    await using sink = await otlpSink();
    const { code: exitCode, diag } = await runProgram("one-span.ts", [ending], json(sink.url)).ended;
    expect(sink.spanNames()).toEqual(spans);
    expect(exitCode).toBe(code);
    if (ending !== "unsettled") expect(diag).toEqual([]);
  });

  it("does not wait for the interval of the metrics or the batch", { timeout: TIMEOUT }, async () => {
    await using sink = await otlpSink();
    const env = {
      ...json(sink.url),
      OTEL_BSP_SCHEDULE_DELAY: "3600000",
      OTEL_METRIC_EXPORT_INTERVAL: "3600000",
    };
    const { code } = await runProgram("one-span.ts", [], env).ended;
    expect(code).toBe(0);
    expect(sink.spanNames()).toEqual(["work"]);
  });

  it("ends by itself where the receiver refuses connections", { timeout: TIMEOUT }, async () => {
    const url = await refusingUrl();
    const { code, diag, tookMs } = await runProgram("one-span.ts", ["with-code-3"], json(url)).ended;
    expect(code).toBe(3);
    expect(tookMs).toBeLessThan(BOUND_MS);
    expect(diag).toHaveLength(1);
    expect(diag[0]).toContain(`agent-otel: telemetry could not be sent to ${url}/v1/traces`);
  });

  it("ends by itself where the receiver hangs", { timeout: TIMEOUT }, async () => {
    await using sink = await otlpSink("hang");
    const { code, diag, tookMs } = await runProgram("one-span.ts", [], json(sink.url)).ended;
    expect(sink.spanNames()).toEqual(["work"]);
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(BOUND_MS);
    expect(diag).toHaveLength(1);
  });

  it("says once, not once a batch, that the receiver cannot be reached", { timeout: TIMEOUT }, async () => {
    const url = await refusingUrl();
    const env = { ...json(url), OTEL_EXPORTER_OTLP_TIMEOUT: "200" };
    const { code, diag } = await runProgram("one-span.ts", ["many-batches"], env).ended;
    expect(code).toBe(0);
    expect(diag).toEqual([
      expect.stringMatching(
        /^agent-otel: spans do not reach http:\/\/127.+\/v1\/traces \(connect ECONNREFUSED .+\)/,
      ),
    ]);
  });

  it("says nothing at OTEL_LOG_LEVEL=none", { timeout: TIMEOUT }, async () => {
    const env = { ...json(await refusingUrl()), OTEL_EXPORTER_OTLP_TIMEOUT: "200", OTEL_LOG_LEVEL: "none" };
    expect((await runProgram("one-span.ts", [], env).ended).diag).toEqual([]);
  });

  it("fails at once on a bad variable", { timeout: TIMEOUT }, async () => {
    const env = { OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "1.5" };
    const { code, diag } = await runProgram("one-span.ts", [], env).ended;
    expect(code).toBe(1);
    expect(diag.join("\n")).toContain(
      'RangeError: OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1, got "1.5"',
    );
  });
});

describe.skipIf(process.platform === "win32")("a signal", () => {
  const signals = ["SIGTERM", "SIGINT"] as const;

  it.each(signals)(
    "%s ends the program as it would without us, after a flush",
    { timeout: TIMEOUT },
    async (signal) => {
      await using sink = await otlpSink();
      using program = runProgram("waits-for-signal.ts", [], json(sink.url));
      await firstLine(program);
      program.child.kill(signal);
      expect(await program.ended).toMatchObject({ code: null, signal, diag: [] });
      expect(sink.spanNames()).toEqual(["work"]);
    },
  );

  it.each(["own-before", "own-after"])(
    "leaves the end to a handler of the program (%s)",
    { timeout: TIMEOUT },
    async (who) => {
      await using sink = await otlpSink();
      using program = runProgram("waits-for-signal.ts", [who], json(sink.url));
      await firstLine(program);
      program.child.kill("SIGTERM");
      expect(await program.ended).toMatchObject({ code: 7, signal: null, stdout: "ready\nown handler\n" });
      expect(sink.spanNames()).toEqual(["work"]);
    },
  );

  it("is not swallowed where signal-exit waits for us", { timeout: TIMEOUT }, async () => {
    await using sink = await otlpSink();
    using program = runProgram("waits-for-signal.ts", ["polite"], json(sink.url));
    await firstLine(program);
    program.child.kill("SIGTERM");
    expect(await program.ended).toMatchObject({ signal: "SIGTERM" });
    expect(sink.spanNames()).toEqual(["work"]);
  });

  it("ends the program at once when it comes a second time", { timeout: TIMEOUT }, async () => {
    await using sink = await otlpSink("hang");
    using program = runProgram("waits-for-signal.ts", [], json(sink.url));
    await firstLine(program);
    const startMs = performance.now();
    program.child.kill("SIGINT");
    await sink.firstRequest;
    program.child.kill("SIGINT");
    expect(await program.ended).toMatchObject({ signal: "SIGINT" });
    expect(performance.now() - startMs).toBeLessThan(4_000);
  });
});
