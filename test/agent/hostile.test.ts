import { diag, type Span, type Tracer, trace } from "@opentelemetry/api";
import { afterEach, describe, expect, it } from "vitest";
import {
  agent,
  type CallRecord,
  chat,
  currentAgent,
  logRuns,
  onCall,
  recordUsage,
  tool,
} from "../../src/index.ts";
import { SpanRecorder } from "../../src/testing/span-recorder.ts";
import { askModel, nextTurn } from "./support.ts";

const undo: (() => void)[] = [];
afterEach(() => {
  for (const step of undo.splice(0)) step();
});

function fail(): never {
  throw new Error("telemetry is broken");
}

/** Every method and property of it throws. */
const HOSTILE = new Proxy({}, { get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail });

function records(): CallRecord[] {
  const all: CallRecord[] = [];
  undo.push(onCall((record) => all.push(record)));
  return all;
}

/** A provider whose tracer is `tracer`, with a context manager that works. */
function useTracer(tracer: Partial<Tracer>): void {
  const spans = new SpanRecorder();
  trace.disable();
  trace.setGlobalTracerProvider({ getTracer: () => tracer as Tracer });
  undo.push(() => spans.stop());
}

function brokenSpan(...broken: (keyof Span)[]): Span {
  const span = {
    ...trace.wrapSpanContext({ traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags: 1 }),
  };
  const methods = Object.fromEntries(
    ["isRecording", "setAttribute", "setStatus", "end"].map((m) => [m, () => true]),
  );
  const spanContext = (): unknown => ({ traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags: 1 });
  return {
    ...span,
    ...methods,
    spanContext,
    ...Object.fromEntries(broken.map((m) => [m, fail])),
  } as unknown as Span;
}

const TRACERS: Record<string, () => Partial<Tracer>> = {
  "a tracer that throws": () => ({ startSpan: fail }),
  "a span whose every method throws": () => ({ startSpan: () => HOSTILE as Span }),
  "a span whose setAttribute throws": () => ({ startSpan: () => brokenSpan("setAttribute") }),
  "a span whose spanContext throws": () => ({ startSpan: () => brokenSpan("spanContext") }),
  "a span whose end throws": () => ({ startSpan: () => brokenSpan("end") }),
};

describe.each(Object.entries(TRACERS))("%s", (_, tracer) => {
  it("changes neither result nor error", async () => {
    useTracer(tracer());
    const error = new Error("mine");
    expect(await agent("works", async () => "answer")()).toBe("answer");
    await expect(agent("fails", () => Promise.reject(error))()).rejects.toBe(error);
  });

  it("costs no record, no total and no name", () => {
    useTracer(tracer());
    const all = records();
    const name = agent("unseen", () => {
      askModel();
      return tool("inside", () => currentAgent()?.name)();
    })();
    expect(name).toBe("unseen");
    expect(all.map((record) => [record.operation, record.agent])).toEqual([
      ["chat", "unseen"],
      ["execute_tool", "unseen"],
      ["invoke_agent", "unseen"],
    ]);
    expect(all[2]!.own).toEqual({ calls: 1, tokens: 10, costNanoUsd: 1_000_000 });
  });

  it("costs no record when lines are logged", () => {
    useTracer(tracer());
    logRuns({ info() {} });
    undo.push(() => logRuns(undefined));
    const all = records();
    agent("logged", () => 1)();
    expect(all).toHaveLength(1);
  });
});

describe("a listener", () => {
  it("that throws disturbs neither the call nor the other listeners", () => {
    undo.push(onCall(fail));
    const all = records();
    expect(agent("listened", () => 1)()).toBe(1);
    expect(all).toHaveLength(1);
  });

  it("that is async and rejects leaves no unhandled rejection", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    const others = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection").on("unhandledRejection", note);
    undo.push(() => {
      process.removeAllListeners("unhandledRejection");
      for (const other of others) process.on("unhandledRejection", other);
    });
    undo.push(onCall(async () => fail()));
    agent("listened-async", () => 1)();
    await nextTurn();
    expect(unhandled).toEqual([]);
  });

  it("may call agents itself and unsubscribe on the way", () => {
    const names: unknown[] = [];
    const stop = onCall((record) => {
      stop();
      names.push(record.agent);
      agent("from-listener", () => 1)();
    });
    agent("first", () => 1)();
    expect(names).toEqual(["first"]);
  });
});

describe("a logger that throws", () => {
  it("changes no result", () => {
    logRuns({ info: fail });
    undo.push(() => logRuns(undefined));
    expect(agent("logged", () => 1)()).toBe(1);
  });

  it("in diag changes no result and no total", () => {
    diag.setLogger({ warn: fail, error: fail, info() {}, debug() {}, verbose() {} });
    undo.push(() => diag.disable());
    const all = records();
    agent("unpriced", () => recordUsage({ model: "nobody-knows-me", inputTokens: 1, outputTokens: 1 }))();
    expect(all.map((record) => record.own?.calls)).toEqual([undefined, 1]);
  });
});

describe("what cannot be looked at", () => {
  it("goes through as a result", () => {
    expect(agent("hostile-result", () => HOSTILE)()).toBe(HOSTILE);
  });

  it("goes through as a result whose then throws", () => {
    // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested.
    const result = Object.defineProperty({}, "then", { get: fail });
    expect(agent("hostile-then", () => result)()).toBe(result);
  });

  it("goes through as the value that a promise brings", async () => {
    const result = new Proxy({}, { has: fail });
    expect((await agent("hostile-value", () => Promise.resolve(result))()) === result).toBe(true);
  });

  it("goes through as an error, and the call is recorded as failed", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const all = records();
    let caught: unknown;
    try {
      agent("throws-revoked", () => {
        throw proxy;
      })();
    } catch (error) {
      caught = error;
    }
    expect(caught === proxy).toBe(true);
    expect(all[0]?.errorType).toBe("_OTHER");
  });

  it("goes through as arguments, captured or not", () => {
    const takes = agent("hostile-args", (..._args: unknown[]) => "ok", { capture: true });
    expect(takes(HOSTILE, { toJSON: fail }, 1n, Symbol("s"))).toBe("ok");
  });

  it("as attributes of a model call keeps the call", () => {
    const attributes = Object.defineProperty({}, "team", { get: fail, enumerable: true });
    expect(chat({ provider: "openai", model: "m", attributes }, () => "answer")).toBe("answer");
  });
});
