import { context, trace } from "@opentelemetry/api";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { agent, chat, logContext, workflow } from "../../src/index.ts";
import { alwaysRecord } from "../../src/start.ts";
import { SpanRecorder } from "../../src/testing/index.ts";

let recorder: SpanRecorder;
beforeEach(() => {
  recorder = new SpanRecorder();
});
afterEach(() => recorder.stop());

describe("logContext", () => {
  it("has the ids of the innermost span and the name of the innermost agent", async () => {
    const inner = agent("inner", async () => logContext());
    const found = await agent("outer", async () => inner())();
    const { traceId, spanId } = recorder.get("invoke_agent inner");
    expect(found).toEqual({
      trace_id: traceId,
      span_id: spanId,
      trace_flags: "01",
      "gen_ai.agent.name": "inner",
    });
  });

  it("has the span of a model call", async () => {
    const ask = () => chat({ provider: "openai", model: "gpt-5" }, async () => logContext());
    const found = await agent("researcher", ask)();
    expect(found).toMatchObject({
      span_id: recorder.get("chat gpt-5").spanId,
      "gen_ai.agent.name": "researcher",
    });
  });

  it("has no agent directly below a workflow, nor below a span of the user's own", async () => {
    const ids = ["trace_id", "span_id", "trace_flags"];
    expect(Object.keys(await workflow("nightly", async () => logContext())())).toEqual(ids);
    const span = trace.getTracer("mine").startSpan("request");
    expect(Object.keys(context.with(trace.setSpan(context.active(), span), logContext))).toEqual(ids);
  });

  it("is a mixin of pino, inside and outside", async () => {
    const lines: string[] = [];
    const log = pino(
      { mixin: logContext, base: null, timestamp: false },
      { write: (line) => lines.push(line) },
    );
    log.info({ a: 1 }, "outside");
    await agent("researcher", async () => log.info({ a: 1 }, "inside"))();
    expect(lines[0]).toBe('{"level":30,"a":1,"msg":"outside"}\n');
    expect(JSON.parse(lines[1]!)).toMatchObject({ "gen_ai.agent.name": "researcher", a: 1, msg: "inside" });
  });

  it("is empty outside of any call, and a new object each time", () => {
    expect(logContext()).toEqual({});
    expect(logContext()).not.toBe(logContext());
  });

  it("says that a trace is not sampled", async () => {
    recorder.stop();
    const off = { shouldSample: () => ({ decision: 0 }), toString: () => "off" };
    recorder = new SpanRecorder({ sampler: alwaysRecord(off) });
    const found = await agent("researcher", async () => logContext())();
    expect(found.trace_flags).toBe("00");
    expect(found.trace_id).toMatch(/^[0-9a-f]{32}$/);
  });

  it("has the agent's name alone without an SDK", async () => {
    recorder.stop();
    const found = await agent("researcher", async () => logContext())();
    expect(found).toEqual({ "gen_ai.agent.name": "researcher" });
  });

  it("never throws", () => {
    const hostile = {
      spanContext() {
        throw new Error("mine");
      },
    };
    const within = trace.setSpan(context.active(), hostile as never);
    expect(context.with(within, logContext)).toEqual({});
  });
});
