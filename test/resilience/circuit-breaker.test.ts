import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { setDeadline } from "../../src/internal/deadline.ts";
import { BreakerRegistry } from "../../src/resilience/breaker-registry.ts";
import { type CircuitBreakerOptions, circuitBreaker } from "../../src/resilience/circuit-breaker.ts";
import { retry } from "../../src/resilience/retry.ts";
import { wrap } from "../../src/resilience/wrap.ts";
import type { LedgerEntry } from "../../src/stores/ledger/ledger.ts";
import { sqliteLedger } from "../../src/stores/sqlite/sqlite-ledger.ts";
import { ManualClock } from "../../src/testing/index.ts";

const boom = new Error("boom");
const fails = async (): Promise<never> => {
  throw boom;
};
const works = async (): Promise<string> => "answer";

function setUp(options: Partial<CircuitBreakerOptions> = {}) {
  const clock = new ManualClock();
  const registry = new BreakerRegistry();
  const breaker = circuitBreaker({
    name: "researcher",
    failureThreshold: 3,
    jitter: 0,
    clock,
    registry,
    ...options,
  });
  const fail = async (times: number, error: unknown = boom): Promise<void> => {
    for (let i = 0; i < times; i++) {
      await breaker.execute(() => Promise.reject(error)).catch(() => {});
    }
  };
  return { breaker, clock, fail };
}

describe("a circuit breaker", () => {
  it("opens after failures in a row, refuses, lets one call try, and closes when that works", async () => {
    const { breaker, clock } = setUp({ failureThreshold: 2, recoveryTimeoutMs: 1_000 });
    expect(await breaker.execute(works)).toBe("answer");
    expect(breaker.state).toBe("closed");

    await expect(breaker.execute(fails)).rejects.toBe(boom);
    await expect(breaker.execute(fails)).rejects.toBe(boom);
    expect(breaker.state).toBe("open");

    await expect(breaker.execute(works)).rejects.toMatchObject({
      code: "circuit_open",
      breaker: "researcher",
      retryAfterMs: 1_000,
      cause: boom,
    });

    clock.advance(1_000);
    expect(breaker.state).toBe("half_open");
    expect(await breaker.execute(works)).toBe("answer");
    expect(breaker.state).toBe("closed");
  });

  it("opens again, for twice as long, when the trial call fails", async () => {
    const { breaker, clock, fail } = setUp({ recoveryTimeoutMs: 1_000 });
    await fail(3);
    clock.advance(1_000);
    await fail(1);
    await expect(breaker.execute(works)).rejects.toMatchObject({ retryAfterMs: 2_000 });
  });

  it("does not make the call that it refuses", async () => {
    const { breaker, fail } = setUp();
    await fail(3);
    let made = false;
    await breaker
      .execute(() => {
        made = true;
      })
      .catch(() => {});
    expect(made).toBe(false);
  });

  it("refuses at once, and does not park, callers beyond the trial call", async () => {
    const { breaker, clock, fail } = setUp({ recoveryTimeoutMs: 1_000 });
    await fail(3);
    clock.advance(1_000);
    const trial = Promise.withResolvers<string>();
    const calls = Array.from({ length: 1_000 }, () => breaker.execute(() => trial.promise));
    const refused = await Promise.allSettled(calls.slice(1));
    expect(refused.every(({ status }) => status === "rejected")).toBe(true);
    trial.resolve("answer");
    expect(await calls[0]).toBe("answer");
  });

  it("is not closed by the late success of a call that began before it opened", async () => {
    const { breaker, clock, fail } = setUp({ recoveryTimeoutMs: 1_000 });
    const early = Promise.withResolvers<string>();
    const call = breaker.execute(() => early.promise);
    await fail(3);
    clock.advance(1_000);
    early.resolve("late");
    expect(await call).toBe("late");
    expect(breaker.state).toBe("half_open");
    expect(breaker.counts.lateResults).toBe(1);
  });

  it("tries again when a trial call hangs beyond its lease", async () => {
    const { breaker, clock, fail } = setUp({ recoveryTimeoutMs: 1_000, probeLeaseMs: 5_000 });
    await fail(3);
    clock.advance(1_000);
    void breaker.execute(() => new Promise(() => {}));
    clock.advance(5_000 + 2_000);
    expect(await breaker.execute(works)).toBe("answer");
  });

  it("counts a call over its time as a failure", async () => {
    const { breaker } = setUp({ failureThreshold: 1, callTimeoutMs: 1 });
    await expect(breaker.execute(() => new Promise(() => {}))).rejects.toMatchObject({ code: "timeout" });
    expect(breaker.state).toBe("open");
  });

  it.each<[string, unknown]>([
    ["the caller's own 4xx", Object.assign(new Error("bad request"), { status: 400 })],
    ["a rate limit", Object.assign(new Error("slow down"), { status: 429 })],
    ["an abort", new DOMException("gone", "AbortError")],
  ])("does not count %s", async (_, error) => {
    const { breaker, fail } = setUp();
    await fail(10, error);
    expect(breaker.state).toBe("closed");
    expect(breaker.counts.ignored).toBe(10);
  });

  it.each<[string, unknown]>([
    ["a 5xx", Object.assign(new Error("overloaded"), { status: 529 })],
    ["a request timeout", Object.assign(new Error("too slow"), { status: 408 })],
    ["what is no error", "oops"],
  ])("counts %s", async (_, error) => {
    const { breaker, fail } = setUp();
    await fail(3, error);
    expect(breaker.state).toBe("open");
  });

  it("does not count a call that its caller has given up, whatever it threw", async () => {
    const { breaker } = setUp({ failureThreshold: 1 });
    const caller = new AbortController();
    const call = breaker.execute(async () => {
      caller.abort();
      throw boom;
    }, caller.signal);
    await expect(call).rejects.toBe(boom);
    expect(breaker.state).toBe("closed");
  });

  it("does not count the refusal of a breaker inside of it", async () => {
    const { breaker, fail } = setUp({ failureThreshold: 1 });
    await fail(1);
    const outer = circuitBreaker({ name: "outer", failureThreshold: 1 });
    await wrap(outer, breaker)
      .execute(works)
      .catch(() => {});
    expect(outer.state).toBe("closed");
  });

  it("counts as a failure what classify throws on", async () => {
    const { breaker, fail } = setUp({
      classify: () => {
        throw new Error("broken");
      },
    });
    await fail(3);
    expect(breaker.state).toBe("open");
  });

  it("gives the call its result where a rule of the user's throws", async () => {
    const trip = {
      needsDuration: false,
      windowMs: undefined,
      record: () => {
        throw new Error("broken");
      },
      isBad: () => false,
      reset: () => {},
    };
    const breaker = circuitBreaker({ name: "researcher", trip, registry: new BreakerRegistry() });
    expect(await breaker.execute(works)).toBe("answer");
  });

  it("gives each call a signal of its own: one that times out aborts no other", async () => {
    const { breaker } = setUp({ callTimeoutMs: 20 });
    const signals: AbortSignal[] = [];
    const hung = breaker.execute((signal) => {
      signals.push(signal);
      return new Promise(() => {});
    });
    await breaker.execute((signal) => {
      signals.push(signal);
    });
    await hung.catch(() => {});
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  it("keeps the type of a function that it protects", async () => {
    const { breaker } = setUp();
    const research = breaker.protect(async (question: string, depth: number) => `${question} ${depth}`);
    expect(await research("why?", 2)).toBe("why? 2");
  });

  it("stands outside of a retry as one call", async () => {
    const { breaker } = setUp({ failureThreshold: 1 });
    const policy = wrap(breaker, retry({ attempts: 3, backoff: () => 0 }));
    await expect(policy.execute(fails)).rejects.toBe(boom);
    expect(breaker.state).toBe("open");
  });
});

describe("a caller's deadline", () => {
  it("that passed before the call began does not count against the dependency", async () => {
    const { breaker } = setUp({ failureThreshold: 1, callTimeoutMs: 30_000 });
    const { signal } = new AbortController();
    setDeadline(signal, performance.now() - 1);
    await expect(breaker.execute(works, signal)).rejects.toMatchObject({ code: "timeout", timeoutMs: 0 });
    expect([breaker.state, breaker.counts.ignored]).toEqual(["closed", 1]);
  });
});

describe("with a ledger", () => {
  it("keeps each failure that counts and each change of state", async () => {
    const entries: LedgerEntry[] = [];
    const { fail } = setUp({ failureThreshold: 2, ledger: { record: (entry) => void entries.push(entry) } });
    await fail(1, new DOMException("gone", "AbortError"));
    await fail(2);
    expect(entries).toEqual([
      { kind: "failure", subject: "researcher", errorType: "Error", cause: "boom" },
      { kind: "failure", subject: "researcher", errorType: "Error", cause: "boom" },
      {
        kind: "transition",
        subject: "researcher",
        from: "closed",
        to: "open",
        payload: { reason: "tripped" },
        errorType: "Error",
        cause: "boom",
      },
    ]);
  });

  it("that throws leaves the call as it is", async () => {
    const { breaker } = setUp({
      ledger: {
        record: () => {
          throw new Error("no disk");
        },
      },
    });
    await expect(breaker.execute(fails)).rejects.toBe(boom);
  });

  it("on disk has what happened, and verifies", async () => {
    const folder = await mkdtemp(join(tmpdir(), "agent-otel-ledger-"));
    const ledger = sqliteLedger({ path: join(folder, "agent-otel.db") });
    const { fail } = setUp({ failureThreshold: 1, ledger });
    await fail(1);
    await ledger.close();
    const again = sqliteLedger({ path: join(folder, "agent-otel.db") });
    expect((await again.read()).map(({ kind, subject }) => [kind, subject])).toEqual([
      ["transition", "researcher"],
      ["failure", "researcher"],
    ]);
    expect(await again.verify()).toMatchObject({ valid: true, rows: 2 });
    await again.close();
    await rm(folder, { recursive: true });
  });
});

describe("by hand", () => {
  it("a caller asks, and says how it went", () => {
    const { breaker } = setUp({ failureThreshold: 1 });
    expect(breaker.isAvailable()).toBe(true);
    breaker.recordFailure(boom);
    expect(breaker.isAvailable()).toBe(false);
    breaker.reset();
    breaker.recordSuccess();
    expect(breaker.state).toBe("closed");
  });

  it("an operator's open stays open", async () => {
    const { breaker, clock } = setUp();
    breaker.forceOpen();
    clock.advance(86_400_000);
    await expect(breaker.execute(works)).rejects.toMatchObject({ retryAfterMs: Number.POSITIVE_INFINITY });
    expect(breaker.state).toBe("forced_open");
  });

  it("a disabled breaker lets all pass and counts nothing", async () => {
    const { breaker, fail } = setUp();
    breaker.disable();
    await fail(100);
    expect(breaker.state).toBe("disabled");
  });
});

describe("a bad option", () => {
  it.each<[string, Partial<CircuitBreakerOptions>, string]>([
    ["name", { name: "" }, "circuitBreaker: name must not be empty"],
    ["failureThreshold 0", { failureThreshold: 0 }, "must be a whole number >= 1, got 0"],
    ["failureThreshold NaN", { failureThreshold: Number.NaN }, "must be a whole number >= 1, got NaN"],
    ["recoveryTimeoutMs -1", { recoveryTimeoutMs: -1 }, "recoveryTimeoutMs must be a whole number"],
    ["halfOpenPermits 1.5", { halfOpenPermits: 1.5 }, "halfOpenPermits must be a whole number"],
    ["callTimeoutMs 0", { callTimeoutMs: 0 }, "must be a whole number from 1"],
    ["classify", { classify: "no" as never }, "classify must be a function, got no"],
  ])("%s is an error that names it and its value", (_, options, message) => {
    expect(() => circuitBreaker({ name: "researcher", ...options })).toThrow(message);
  });
});
