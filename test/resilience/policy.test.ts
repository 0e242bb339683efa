import { describe, expect, it } from "vitest";
import { type Policy, policyOf, run } from "../../src/resilience/policy.ts";
import { wrap } from "../../src/resilience/wrap.ts";

/** Notes when it begins and ends. */
function noting(name: string, notes: string[]): Policy {
  return policyOf(async (fn, signal) => {
    notes.push(`${name} begins`);
    try {
      return await run(fn, signal);
    } finally {
      notes.push(`${name} ends`);
    }
  });
}

describe("wrap", () => {
  it("runs the first policy outermost", async () => {
    const notes: string[] = [];
    await wrap(noting("a", notes), noting("b", notes)).execute(() => notes.push("call"));
    expect(notes).toEqual(["a begins", "b begins", "call", "b ends", "a ends"]);
  });

  it("of nothing calls the function", async () => {
    expect(await wrap().execute(() => 7)).toBe(7);
  });

  it("names the argument that is no policy", () => {
    expect(() => wrap(policyOf(run), 5 as never)).toThrow("wrap: argument 2 must be a policy, got 5");
  });
});

describe("a policy", () => {
  it("rejects with the error that was thrown, the same object", async () => {
    const error = new Error("boom");
    const calls = policyOf(run).execute(() => {
      throw error;
    });
    await expect(calls).rejects.toBe(error);
  });

  it("gives the caller's signal to the function", async () => {
    const { signal } = new AbortController();
    expect(await policyOf(run).execute((given) => given, signal)).toBe(signal);
  });

  it("keeps this, arguments and result of a function that it is put around", async () => {
    const counter = {
      step: 2,
      async add(a: number, b: number) {
        return (a + b) * this.step;
      },
    };
    counter.add = policyOf(run).around(counter.add);
    expect(await counter.add(1, 2)).toBe(6);
  });

  it("keeps name and length of a function that it is put around", () => {
    const wrapped = policyOf(run).around(async function search(_a: string, _b: string) {});
    expect([wrapped.name, wrapped.length]).toEqual(["search", 2]);
  });

  it("takes a signal in the last place for the caller's", async () => {
    const { signal } = new AbortController();
    let seen: AbortSignal | undefined;
    const policy = policyOf((fn, given) => {
      seen = given;
      return run(fn, given);
    });
    await policy.around(async (_question: string, _signal: AbortSignal) => {})("why?", signal);
    expect(seen).toBe(signal);
  });
});
