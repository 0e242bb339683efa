import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { deadlineOf } from "../../../src/internal/deadline.ts";
import { decomposeFallback } from "../../../src/resilience/fallback/decompose-fallback.ts";
import { timeout } from "../../../src/resilience/timeout.ts";
import { wrap } from "../../../src/resilience/wrap.ts";
import { SpanRecorder } from "../../../src/testing/index.ts";
import { settled } from "../../pipeline/durable-span-exporter/support.ts";
import { ask, boom, never } from "./support.ts";

const words = (text: string): string[] => text.split(" ");
const three = { args: ["one two three"] };

describe("a decomposing fallback", () => {
  it("answers a state with the state and what its parts gave, in order", async () => {
    const summarize = wrap()
      .onFailure(
        decomposeFallback(
          (state: { documents: string[] }) => state.documents.map((chunk) => ({ ...state, chunk })),
          async ({ chunk }) => ({ result: `short ${chunk}` }),
        ),
      )
      .aroundOutcome(async (_state: { documents: string[] }): Promise<unknown> => {
        throw boom;
      });
    const outcome = await summarize({ documents: ["a", "b"] });
    expect(outcome.value).toMatchObject({
      documents: ["a", "b"],
      results: [{ result: "short a" }, { result: "short b" }],
    });
  });

  it("answers any other input with the list of what the parts gave", async () => {
    const fallback = decomposeFallback(words, (word) => word.length);
    expect(await ask(fallback, three)).toEqual({ value: [3, 3, 5] });
  });

  it("lets the program combine the parts, with the input at hand", async () => {
    const fallback = decomposeFallback(
      async (text: string) => words(text),
      async (word) => word.length,
      async (lengths, text: string) => `${text}: ${lengths.join("+")}`,
    );
    expect(await ask(fallback, three)).toEqual({ value: "one two three: 3+3+5" });
  });

  it("has nothing to offer where there are no parts", async () => {
    const fallback = decomposeFallback(
      () => [],
      () => "part",
    );
    expect(await ask(fallback)).toBeUndefined();
  });

  it.each<[unknown, string]>([
    ["text", "string"],
    [undefined, "undefined"],
    [null, "null"],
    [{ 0: "part" }, "object"],
    [new Set(["part"]), "object"],
  ])("refuses what split returns where it is no list: %s", async (parts, got) => {
    const fallback = decomposeFallback(
      () => parts as never,
      () => "part",
    );
    await expect(ask(fallback)).rejects.toThrow(
      new TypeError(`decomposeFallback: split must return a list, got ${got}`),
    );
  });

  it("refuses more parts than it may have, before one starts", async () => {
    let started = 0;
    const fallback = decomposeFallback(words, () => started++, undefined, { maxParts: 2 });
    await expect(ask(fallback, three)).rejects.toThrow(
      new RangeError("decomposeFallback: split returned 3 parts, over maxParts 2"),
    );
    expect(started).toBe(0);
  });

  it("fails with the error of split, and with that of combine", async () => {
    const fails = (): never => {
      throw boom;
    };
    await expect(ask(decomposeFallback(fails, () => "part"))).rejects.toBe(boom);
    await expect(ask(decomposeFallback(words, () => "part", fails))).rejects.toBe(boom);
  });

  it("never starts more parts than it may have, nor runs more at once than it may", () => {
    const shape = fc.record({
      parts: fc.array(fc.record({ ticks: fc.nat(4), fails: fc.boolean() }), { maxLength: 20, size: "max" }),
      maxParts: fc.integer({ min: 1, max: 20 }),
      concurrency: fc.integer({ min: 1, max: 6 }),
      partial: fc.constantFrom("all" as const, "best_effort" as const),
    });
    return fc.assert(
      fc.asyncProperty(shape, async ({ parts, maxParts, concurrency, partial }) => {
        let started = 0;
        let running = 0;
        let most = 0;
        const execute = async ({ ticks, fails }: { ticks: number; fails: boolean }) => {
          started += 1;
          running += 1;
          most = Math.max(most, running);
          for (let i = 0; i < ticks; i++) await Promise.resolve();
          running -= 1;
          if (fails) throw boom;
          return ticks;
        };
        const fallback = decomposeFallback(() => parts, execute, undefined, {
          maxParts,
          concurrency,
          partial,
        });
        const good = parts.filter(({ fails }) => !fails).map(({ ticks }) => ticks);
        const enough = partial === "all" ? good.length === parts.length : good.length > 0;
        const answer = await ask(fallback).catch((error: unknown) => error);
        await settled();
        expect(started).toBeLessThanOrEqual(parts.length > maxParts ? 0 : parts.length);
        expect(most).toBeLessThanOrEqual(concurrency);
        expect(running).toBe(0);
        if (parts.length === 0) expect(answer).toBeUndefined();
        else if (parts.length > maxParts || !enough) expect(answer).toBeInstanceOf(Error);
        else expect(answer).toMatchObject({ value: good });
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("parts that fail", () => {
  const failing = (word: string): string => {
    if (word === "two") throw boom;
    return word;
  };

  it("end it with the error of the first, and abort the others", async () => {
    const signals: AbortSignal[] = [];
    const fallback = decomposeFallback(words, (word, signal) => {
      signals.push(signal);
      return word === "two" ? Promise.reject(boom) : never();
    });
    await expect(ask(fallback, three)).rejects.toBe(boom);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true]);
  });

  it("keep those that wait from starting", async () => {
    const started: string[] = [];
    const fallback = decomposeFallback(
      words,
      (word) => {
        started.push(word);
        return failing(word);
      },
      undefined,
      { concurrency: 1 },
    );
    await expect(ask(fallback, three)).rejects.toBe(boom);
    await settled();
    expect(started).toEqual(["one", "two"]);
  });

  it("are left out of a best effort, whose confidence is the share of the others", async () => {
    const fallback = decomposeFallback(words, failing, undefined, { partial: "best_effort" });
    expect(await ask(fallback, three)).toEqual({ value: ["one", "three"], confidence: 2 / 3 });
  });

  it("end a best effort where none is left, with all errors", async () => {
    const fallback = decomposeFallback(words, () => Promise.reject(boom), undefined, {
      partial: "best_effort",
    });
    await expect(ask(fallback, three)).rejects.toMatchObject({ errors: [boom, boom, boom] });
  });
});

describe("the caller of a decomposing fallback", () => {
  it("ends it at once by giving up, with its reason, and aborts the parts", async () => {
    const caller = new AbortController();
    const signals: AbortSignal[] = [];
    const fallback = decomposeFallback(words, (_, signal) => {
      signals.push(signal);
      return never();
    });
    const answer = ask(fallback, { ...three, signal: caller.signal });
    await settled();
    caller.abort("enough");
    await expect(answer).rejects.toBe("enough");
    expect(signals.map(({ reason }) => reason)).toEqual(["enough", "enough", "enough"]);
  });

  it("shares its deadline with the parts", async () => {
    let given: number | undefined;
    await timeout(60_000).execute((signal) => {
      const fallback = decomposeFallback(words, (_, own) => {
        given = deadlineOf(own);
      });
      return ask(fallback, { ...three, signal }).then(() => expect(given).toBe(deadlineOf(signal)));
    });
    expect(given).toBeTypeOf("number");
  });

  it.each<[string, ReturnType<typeof decomposeFallback>]>([
    ["split", decomposeFallback(never, () => "part")],
    ["combine", decomposeFallback(words, () => "part", never)],
  ])("does not wait for a %s that hangs once it has given up", async (_, fallback) => {
    const caller = new AbortController();
    const answer = ask(fallback, { ...three, signal: caller.signal });
    await settled();
    caller.abort("enough");
    await expect(answer).rejects.toBe("enough");
  });

  it("starts nothing where it has given up before", async () => {
    let split = false;
    const fallback = decomposeFallback(
      () => {
        split = true;
        return [];
      },
      () => "part",
    );
    await expect(ask(fallback, { signal: AbortSignal.abort("enough") })).rejects.toBe("enough");
    expect(split).toBe(false);
  });

  it("hands its signal to split", async () => {
    const { signal } = new AbortController();
    let got: unknown;
    const split = (_text: string, given?: AbortSignal) => {
      got = given;
      return [];
    };
    await ask(
      decomposeFallback(split, () => "part"),
      { ...three, signal },
    );
    expect(got).toBe(signal);
  });
});

describe("a part that fails in a call with the same fallback", () => {
  /** How often a task is split that fails as a whole and in every part, where `again` hands a part to the function itself. */
  async function splits<P>(
    split: (input: P, signal?: AbortSignal) => readonly P[],
    input: P,
    again: (
      self: (part: P, signal?: AbortSignal) => Promise<unknown>,
      part: P,
      signal: AbortSignal,
    ) => unknown,
  ): Promise<number> {
    let count = 0;
    const fallback = decomposeFallback(
      (...args: [P]) => {
        count += 1;
        // Would go on for long, were the parts split again.
        return count > 50 ? [] : split(...args);
      },
      (part: P, signal) => again(self, part, signal),
    );
    const self: (part: P, signal?: AbortSignal) => Promise<unknown> = wrap()
      .onFailure(fallback)
      .around(async (_input: P, _signal?: AbortSignal): Promise<unknown> => {
        throw boom;
      });
    await self(input).catch(() => {});
    await settled();
    return count;
  }

  it("is not split again where the part is an object", async () => {
    const split = (state: { documents: string[] }) => state.documents.map((chunk) => ({ ...state, chunk }));
    expect(await splits(split, { documents: ["a", "b"] }, (self, part) => self(part))).toBe(1);
  });

  it("is not split again where the part is a text", async () => {
    expect(
      await splits(
        (text) => [text, text],
        "one two",
        (self, part) => self(part),
      ),
    ).toBe(1);
  });

  it("is not split again where it hands on its signal", async () => {
    expect(
      await splits(
        (n) => [n + 1, n + 2],
        1,
        (self, part, signal) => self(part, signal),
      ),
    ).toBe(1);
  });

  it("is not split again where OpenTelemetry keeps a context, whatever is handed on", async () => {
    const recorder = new SpanRecorder();
    onTestFinished(() => recorder.stop());
    const again = async (self: (part: { n: number }) => Promise<unknown>, { n }: { n: number }) => {
      await settled();
      return self({ n });
    };
    expect(await splits(({ n }: { n: number }) => [{ n: n + 1 }, { n: n + 2 }], { n: 1 }, again)).toBe(1);
  });

  it("is not split by another fallback either", async () => {
    let split = 0;
    const inner = wrap()
      .onFailure(
        decomposeFallback(
          () => {
            split += 1;
            return ["deeper"];
          },
          () => "deep",
        ),
      )
      .around(async (_part: string, _signal: AbortSignal): Promise<unknown> => {
        throw boom;
      });
    await expect(ask(decomposeFallback(words, inner), three)).rejects.toBe(boom);
    expect(split).toBe(0);
  });

  it("leaves other calls with the same input free to split once it is over", async () => {
    const fallback = decomposeFallback(words, (word) => word.length);
    await ask(fallback, { args: ["one two"] });
    expect(await ask(fallback, { args: ["one"] })).toEqual({ value: [3] });
  });
});

describe("a part that hangs", () => {
  it("leaves later calls with the same input free to split", async () => {
    const caller = new AbortController();
    const hung = ask(decomposeFallback(words, never), { args: ["hangs"], signal: caller.signal });
    await settled();
    caller.abort("enough");
    await expect(hung).rejects.toBe("enough");
    const fallback = decomposeFallback(words, (word) => word.length);
    expect(await ask(fallback, { args: ["hangs"] })).toEqual({ value: [5] });
  });
});

describe("the options of a decomposing fallback", () => {
  const part = (): string => "part";
  it.each<[string, () => unknown, string]>([
    [
      "maxParts",
      () => decomposeFallback(words, part, undefined, { maxParts: 0 }),
      "decomposeFallback: maxParts must be a whole number >= 1, got 0",
    ],
    [
      "concurrency",
      () => decomposeFallback(words, part, undefined, { concurrency: Number.NaN }),
      "decomposeFallback: concurrency must be a whole number >= 1, got NaN",
    ],
    [
      "partial",
      () => decomposeFallback(words, part, undefined, { partial: "some" as never }),
      'decomposeFallback: partial must be "all" or "best_effort", got "some"',
    ],
    [
      "split",
      () => decomposeFallback(7 as never, part),
      "decomposeFallback: split must be a function, got 7",
    ],
    [
      "execute",
      () => decomposeFallback(words, 7 as never),
      "decomposeFallback: execute must be a function, got 7",
    ],
    [
      "combine",
      () => decomposeFallback(words, part, 7 as never),
      "decomposeFallback: combine must be a function, got 7",
    ],
  ])("refuse a bad %s, by name and value", (_, make, message) => {
    expect(make).toThrow(message);
  });
});
