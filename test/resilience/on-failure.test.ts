import { describe, expect, it, vi } from "vitest";
import { agent } from "../../src/agent/agent.ts";
import { CircuitOpenError } from "../../src/errors/circuit-open-error.ts";
import { FallbackFailedError } from "../../src/errors/fallback-failed-error.ts";
import { BreakerRegistry } from "../../src/resilience/breaker-registry.ts";
import { circuitBreaker } from "../../src/resilience/circuit-breaker.ts";
import { FAILURE_FIELD } from "../../src/resilience/failure-mark.ts";
import { cachedFallback } from "../../src/resilience/fallback/cached-fallback.ts";
import type { FailedCall, Fallback, FallbackAnswer } from "../../src/resilience/fallback/fallback.ts";
import { timeout } from "../../src/resilience/timeout.ts";
import { wrap } from "../../src/resilience/wrap.ts";
import { watch } from "../agent/support.ts";

const boom = new Error("boom");
const fails = async (..._input: unknown[]): Promise<string> => {
  throw boom;
};

type State = Record<string, { message: string; errorType: string; stack: string }>;
const failingNode = async (_state: object): Promise<State> => {
  throw boom;
};

/** Answers with what it is told to, and keeps what it was asked. */
function answering(
  answer: FallbackAnswer | undefined | (() => never),
): Fallback & { readonly asked: FailedCall[] } {
  const asked: FailedCall[] = [];
  return {
    kind: "test",
    asked,
    answer: (call) => {
      asked.push(call);
      return typeof answer === "function" ? answer() : answer;
    },
  };
}

function breaker(name = "researcher") {
  return circuitBreaker({ name, failureThreshold: 1, registry: new BreakerRegistry() });
}

describe("a call that fails", () => {
  it("is answered by the fallback", async () => {
    const policy = wrap(breaker()).onFailure(answering({ value: "instead" }));
    expect(await policy.execute(fails)).toBe("instead");
  });

  it("is answered also where the breaker refuses it", async () => {
    const fallback = answering({ value: "instead" });
    const guarded = wrap(breaker()).onFailure(fallback).around(fails);
    await guarded("first");
    expect(await guarded("second")).toBe("instead");
    expect(fallback.asked[1]?.error).toBeInstanceOf(CircuitOpenError);
  });

  it("is answered also where it takes too long", async () => {
    const policy = wrap(timeout(1)).onFailure(answering({ value: "instead" }));
    expect(await policy.execute(() => new Promise(() => {}))).toBe("instead");
  });

  it("shows the fallback its input, its name and its error", async () => {
    const fallback = answering({ value: 1 });
    await wrap(breaker("writer")).onFailure(fallback).around(fails)("why?", { depth: 2 });
    expect(fallback.asked).toMatchObject([{ name: "writer", args: ["why?", { depth: 2 }], error: boom }]);
  });

  it("is named after the function where no breaker has a name", async () => {
    const fallback = answering({ value: 1 });
    await wrap()
      .onFailure(fallback)
      .around(async function search() {
        throw boom;
      })();
    expect(fallback.asked[0]?.name).toBe("search");
  });

  it("has no input that anybody knows under execute", async () => {
    const fallback = answering({ value: 1 });
    await wrap().onFailure(fallback).execute(fails);
    expect(fallback.asked[0]?.args).toBeUndefined();
  });

  it("still counts as a failure of the breaker", async () => {
    const guard = breaker();
    await wrap(guard)
      .onFailure(answering({ value: "instead" }))
      .execute(fails);
    expect(guard.state).toBe("open");
  });

  it("fails with its own error, the same object, where the fallback has nothing to offer", async () => {
    const policy = wrap().onFailure(answering(undefined));
    await expect(policy.execute(fails)).rejects.toBe(boom);
  });

  it("fails with both errors, its own first, where the fallback fails too", async () => {
    const second = new Error("no backup");
    const policy = wrap().onFailure(
      answering(() => {
        throw second;
      }),
    );
    const error = await policy.execute(fails).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FallbackFailedError);
    expect(error).toMatchObject({ code: "fallback_failed", errors: [boom, second], cause: boom });
  });

  it("asks a second fallback only where the first had nothing", async () => {
    const policy = wrap()
      .onFailure(answering(undefined))
      .onFailure(answering({ value: "second" }));
    expect(await policy.execute(fails)).toBe("second");
    const failing = answering(() => {
      throw new Error("broken");
    });
    const last = answering({ value: "second" });
    await wrap()
      .onFailure(failing)
      .onFailure(last)
      .execute(fails)
      .catch(() => {});
    expect(last.asked).toEqual([]);
  });
});

describe("no fallback is asked", () => {
  it("where the caller has given up", async () => {
    const fallback = answering({ value: "instead" });
    const caller = new AbortController();
    const call = wrap()
      .onFailure(fallback)
      .execute(async () => {
        caller.abort();
        throw boom;
      }, caller.signal);
    await expect(call).rejects.toBe(boom);
    expect(fallback.asked).toEqual([]);
  });

  it("for a call that was cancelled", async () => {
    const abort = new DOMException("gone", "AbortError");
    const policy = wrap().onFailure(answering({ value: "instead" }));
    await expect(policy.execute(() => Promise.reject(abort))).rejects.toBe(abort);
  });

  it("where `when` throws, and keeps its own error", async () => {
    const when = (): never => {
      throw new TypeError("no code");
    };
    const policy = wrap().onFailure(answering({ value: "instead" }), { when });
    await expect(policy.execute(fails)).rejects.toBe(boom);
  });

  it("where `when` says no", async () => {
    const policy = wrap().onFailure(answering({ value: "instead" }), { when: () => false });
    await expect(policy.execute(fails)).rejects.toBe(boom);
  });

  it("longer than the caller waits: the call rejects with the caller's reason", async () => {
    const caller = new AbortController();
    const reason = new Error("deadline");
    const never: Fallback = {
      kind: "slow",
      answer: () => {
        queueMicrotask(() => caller.abort(reason));
        return new Promise(() => {});
      },
    };
    const call = wrap().onFailure(never).execute(fails, caller.signal);
    await expect(call).rejects.toBe(reason);
  });
});

describe("a call that succeeds", () => {
  it("tells the fallback its answer and its input", async () => {
    const succeeded = vi.fn();
    const fallback: Fallback = { kind: "test", answer: () => undefined, succeeded };
    await wrap(breaker("writer"))
      .onFailure(fallback)
      .around(async (text: string) => text.length)("four");
    expect(succeeded.mock.calls).toEqual([
      [4, { name: "writer", args: ["four"], target: expect.any(Function) }],
    ]);
  });

  it("keeps its answer where the fallback throws on it", async () => {
    const succeeded = () => {
      throw new Error("broken");
    };
    const policy = wrap().onFailure({ kind: "test", answer: () => undefined, succeeded });
    expect(await policy.execute(() => "answer")).toBe("answer");
  });
});

describe("an outcome", () => {
  it("says nothing of a fallback where the call answered", async () => {
    expect(await wrap(breaker()).outcome(() => "answer")).toEqual({ value: "answer" });
    expect(await breaker().outcome(() => "answer")).toEqual({ value: "answer" });
  });

  it("says what answered and why, also for a string", async () => {
    const policy = wrap().onFailure(answering({ value: "old", ageMs: 5_000, confidence: 0.6 }));
    expect(await policy.outcome(fails)).toEqual({
      value: "old",
      fallback: { kind: "test", ageMs: 5_000, confidence: 0.6 },
      error: boom,
    });
  });

  it("rejects where nobody has an answer", async () => {
    await expect(wrap().outcome(fails)).rejects.toBe(boom);
  });

  it("comes from a function with the arguments of the one it is put around", async () => {
    const ask = wrap()
      .onFailure(answering({ value: "old" }))
      .aroundOutcome(async (_question: string) => fails());
    expect(await ask("why?")).toMatchObject({ value: "old", error: boom });
  });

  it("comes from a breaker that has a fallback of its own", async () => {
    const fallback = answering({ value: "old" });
    const guard = circuitBreaker({ name: "a", fallback, registry: new BreakerRegistry() });
    expect(await guard.outcome(fails)).toMatchObject({ value: "old", fallback: { kind: "test" } });
    expect(await guard.around(fails)("x")).toBe("old");
    expect(await guard.execute(fails)).toBe("old");
  });
});

describe("fallbacks one inside another", () => {
  it("both see the input", async () => {
    const [inner, outer] = [answering(undefined), answering({ value: "second" })];
    await wrap().onFailure(inner).onFailure(outer).around(fails)("why?");
    expect([inner, outer].map(({ asked }) => asked[0]?.args)).toEqual([["why?"], ["why?"]]);
  });

  it("see the input also inside of wrap, and under a breaker with a fallback of its own", async () => {
    const inner = answering({ value: "x" });
    const guard = circuitBreaker({ name: "a", fallback: inner, registry: new BreakerRegistry() });
    await wrap(timeout(1_000), guard, wrap()).around(fails)("why?");
    expect(inner.asked[0]?.args).toEqual(["why?"]);
  });

  it("show to the outside that the inner one has answered, and why", async () => {
    const policy = wrap(timeout(1_000), wrap().onFailure(answering({ value: "brief", confidence: 0.5 })));
    const expected = { value: "brief", fallback: { kind: "test", confidence: 0.5 }, error: boom };
    expect(await policy.outcome(fails)).toEqual(expected);
    expect(await policy.onFailure(answering({ value: "no" })).outcome(fails)).toEqual(expected);
  });

  it("do not take an answer of the inner one for a success of the call", async () => {
    const succeeded = vi.fn();
    const policy = wrap()
      .onFailure(answering({ value: "brief" }))
      .onFailure({ kind: "outer", answer: () => undefined, succeeded });
    await policy.around(fails)("why?");
    expect(succeeded).not.toHaveBeenCalled();
  });

  it("tell both of a success", async () => {
    const [one, other] = [vi.fn(), vi.fn()];
    const policy = wrap()
      .onFailure({ kind: "one", answer: () => undefined, succeeded: one })
      .onFailure({ kind: "other", answer: () => undefined, succeeded: other });
    await policy.around(async (text: string) => text.length)("four");
    expect([one.mock.calls[0]?.[0], other.mock.calls[0]?.[0]]).toEqual([4, 4]);
  });
});

describe("one policy around two functions", () => {
  it("does not answer for one with what the other had said", async () => {
    let broken = false;
    const policy = wrap(breaker("texts")).onFailure(cachedFallback({ maxAgeMs: 60_000 }));
    const summarize = policy.around(async (text: string) => `summary of ${text}`);
    const translate = policy.around(async (text: string) => {
      if (broken) throw boom;
      return `translation of ${text}`;
    });
    await summarize("text");
    broken = true;
    await expect(translate("text")).rejects.toBe(boom);
    expect(await summarize("text")).toBe("summary of text");
  });
});

describe("an answer that is a state object", () => {
  it("carries what failed, as plain JSON that survives copies", async () => {
    const node = wrap(breaker("extract"))
      .onFailure(answering({ value: { text: "kept" } }))
      .around(failingNode);
    const copy = JSON.parse(JSON.stringify({ ...(await node({ text: "in" })) }));
    expect(copy).toEqual({
      text: "kept",
      [FAILURE_FIELD]: {
        breaker: "extract",
        errorType: "Error",
        message: "boom",
        stack: expect.stringMatching(/^Error: boom\n {4}at .*on-failure\.test\.ts:\d+:\d+/),
        fallback: "test",
      },
    });
  });

  it("tells of the failure that opened the breaker where the call was refused", async () => {
    const node = wrap(breaker("extract"))
      .onFailure(answering({ value: {} }))
      .around(failingNode);
    await node({});
    expect((await node({}))[FAILURE_FIELD]).toMatchObject({ message: "boom", errorType: "circuit_open" });
  });

  it("is a copy: the fallback's own object stays as it was", async () => {
    const value = { text: "kept" };
    await wrap().onFailure(answering({ value })).execute(fails);
    expect(value).toEqual({ text: "kept" });
  });

  it("has no secret in its texts, and the causes of the error", async () => {
    const cause = new TypeError("fetch failed");
    const node = wrap()
      .onFailure(answering({ value: {} }))
      .around(async (): Promise<State> => {
        throw new Error("401 for sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD", { cause });
      });
    const mark = (await node())[FAILURE_FIELD];
    expect(mark?.message).toBe("401 for [redacted]");
    expect(mark?.stack).not.toContain("sk-proj");
    expect(mark?.stack).toContain("\nCaused by: TypeError: fetch failed\n");
  });
});

describe("a bad fallback", () => {
  it.each<[unknown, string]>([
    [undefined, "onFailure: fallback must have an answer function, got undefined"],
    [{ kind: "", answer: () => undefined }, "onFailure: the fallback's kind must be a name"],
  ])("%j is an error that says so", (fallback, message) => {
    expect(() => wrap().onFailure(fallback as Fallback)).toThrow(message);
  });
});

describe("in a trace", () => {
  const watched = watch();

  it("a fallback is a span with what failed", async () => {
    const fallback = answering({ value: "x", confidence: 0.6, ageMs: 1_500 });
    await wrap(breaker("writer")).onFailure(fallback).execute(fails);
    const span = watched.spans.get("fallback test");
    expect(span.attributes).toMatchObject({
      "agents.fallback.kind": "test",
      "agents.breaker.name": "writer",
      "agents.fallback.outcome": "answered",
      "agents.fallback.confidence": 0.6,
      "agents.fallback.age": 1.5,
    });
    expect(span.events).toMatchObject([
      { name: "exception", attributes: { "exception.type": "Error", "exception.message": "boom" } },
    ]);
  });

  it("what the fallback calls stands below its span", async () => {
    const backup = agent("backup", async () => "x");
    const fallback: Fallback = { kind: "test", answer: async () => ({ value: await backup() }) };
    await wrap().onFailure(fallback).execute(fails);
    const span = watched.spans.get("fallback test");
    expect(watched.spans.get("invoke_agent backup").parentSpanId).toBe(span.spanId);
  });

  it("the span of a call that was let through has the breaker and its state", async () => {
    const guard = breaker("writer");
    await guard.around(agent("writer", async () => "x"))();
    expect(watched.spans.get("invoke_agent writer").attributes).toMatchObject({
      "agents.breaker.name": "writer",
      "agents.breaker.state.name": "closed",
    });
  });

  it("spans below that of the call have nothing of the breaker", async () => {
    const inner = agent("inner", async () => "x");
    await breaker("writer").around(agent("writer", () => inner()))();
    expect(watched.spans.get("invoke_agent inner").attributes).not.toHaveProperty("agents.breaker.name");
  });

  it("a call that throws before its span begins leaves no note for the next one", async () => {
    const guard = breaker("writer");
    await guard
      .execute(() => {
        throw boom;
      })
      .catch(() => {});
    await agent("other", async () => "x")();
    expect(watched.spans.get("invoke_agent other").attributes).not.toHaveProperty("agents.breaker.name");
  });

  it("a refusal and a transition are events on the span of who called", async () => {
    const guard = breaker("writer");
    const boss = agent("boss", async () => {
      await guard.execute(fails).catch(() => {});
      await guard.execute(fails).catch(() => {});
    });
    await boss();
    expect(watched.spans.get("invoke_agent boss").events).toMatchObject([
      {
        name: "agents.breaker.transition",
        attributes: {
          "agents.breaker.name": "writer",
          "agents.breaker.from": "closed",
          "agents.breaker.to": "open",
          "agents.breaker.reason": "tripped",
        },
      },
      {
        name: "agents.breaker.rejection",
        attributes: {
          "agents.breaker.name": "writer",
          "agents.breaker.state.name": "open",
          "agents.breaker.retry_after": expect.any(Number),
        },
      },
    ]);
  });
});
