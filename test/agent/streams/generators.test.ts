import { describe, expect, it } from "vitest";
import { agent, currentAgent, tool } from "../../../src/index.ts";
import { nextTurn, watch } from "../support.ts";

const seen = watch();

async function* count(to: number): AsyncGenerator<number, string, string | undefined> {
  for (let i = 1; i <= to; i++) {
    await nextTurn();
    yield i;
  }
  return "end";
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const endings = (): number => seen.records.length;

describe("an async generator", () => {
  it("is the very object that the function returned", () => {
    const generator = count(2);
    expect(agent("same", () => generator)()).toBe(generator);
  });

  it("keeps the span open until the last item", async () => {
    const generator = agent("to-the-end", count)(2);
    await generator.next();
    await generator.next();
    expect(seen.spans.open).toEqual(["invoke_agent to-the-end"]);
    expect(await generator.next()).toEqual({ done: true, value: "end" });
    expect([seen.spans.open, endings()]).toEqual([[], 1]);
  });

  it("ends the span on break, and runs the body's finally", async () => {
    let cleaned = false;
    const generator = agent("broken-off", async function* () {
      try {
        yield* count(9);
      } finally {
        cleaned = true;
      }
    });
    for await (const item of generator()) if (item === 2) break;
    expect([cleaned, seen.spans.open, endings()]).toEqual([true, [], 1]);
    seen.spans.get("invoke_agent broken-off", { failed: false });
  });

  it("ends the span on return() before the first item", async () => {
    const generator = agent("never-begun", count)(3);
    expect(await generator.return("early")).toEqual({ done: true, value: "early" });
    expect([seen.spans.open, endings()]).toEqual([[], 1]);
  });

  it("stays open when the body yields on from return()", async () => {
    const generator = agent("clings", async function* () {
      try {
        yield 1;
      } finally {
        yield 2;
      }
    })();
    await generator.next();
    expect(await generator.return(undefined)).toEqual({ done: false, value: 2 });
    expect(seen.spans.open).toEqual(["invoke_agent clings"]);
    await generator.next();
    expect([seen.spans.open, endings()]).toEqual([[], 1]);
  });

  it("fails the span with the error that the body throws, the same object", async () => {
    const error = new RangeError("third");
    const generator = agent("breaks", async function* () {
      yield 1;
      throw error;
    })();
    await generator.next();
    await expect(generator.next()).rejects.toBe(error);
    seen.spans.get("invoke_agent breaks", { failed: true, attributes: { "error.type": "RangeError" } });
  });

  it("fails the span with what is thrown into it", async () => {
    const generator = agent("hit", count)(3);
    await generator.next();
    const error = new Error("out");
    await expect(generator.throw(error)).rejects.toBe(error);
    expect([seen.spans.all("invoke_agent hit", { failed: true }).length, endings()]).toEqual([1, 1]);
  });

  it("goes on when the body catches what is thrown into it", async () => {
    const generator = agent("catches", async function* () {
      try {
        yield 1;
      } catch {
        yield 2;
      }
    })();
    await generator.next();
    expect(await generator.throw(new Error("caught"))).toEqual({ done: false, value: 2 });
    expect(seen.spans.open).toEqual(["invoke_agent catches"]);
    await generator.next();
    seen.spans.get("invoke_agent catches", { failed: false });
  });

  it("fails as AbortError when a signal aborts it", async () => {
    const controller = new AbortController();
    const generator = agent("aborted", async function* (signal: AbortSignal) {
      for (;;) {
        signal.throwIfAborted();
        yield 1;
      }
    })(controller.signal);
    await generator.next();
    controller.abort();
    await expect(generator.next()).rejects.toBe(controller.signal.reason);
    seen.spans.get("invoke_agent aborted", { attributes: { "error.type": "AbortError" } });
  });

  it("takes what the consumer sends in, and gives it back what it returns", async () => {
    const generator = agent("dialogue", async function* (): AsyncGenerator<string, string, string> {
      const name = yield "name?";
      return `hello ${name}`;
    })();
    await generator.next("ignored");
    expect(await generator.next("Ada")).toEqual({ done: true, value: "hello Ada" });
  });

  it("knows its agent in every step, whoever asks for the next item", async () => {
    const watcher = agent("watcher", async function* () {
      yield currentAgent()?.name;
      await nextTurn();
      yield currentAgent()?.name;
    });
    const items = watcher();
    expect(await agent("asker", async () => (await items.next()).value)()).toBe("watcher");
    expect((await items.next()).value).toBe("watcher");
    expect(currentAgent()).toBeUndefined();
  });

  it("names the right agent on tools below three nested generators", async () => {
    const mark = tool("mark", (_level: number) => {});
    const inner = agent("inner", async function* () {
      mark(3);
      yield 3;
      mark(3);
    });
    const middle = agent("middle", async function* () {
      mark(2);
      yield* inner();
      mark(2);
    });
    const outer = agent("outer", async function* () {
      mark(1);
      for await (const item of middle()) yield item;
      mark(1);
    });
    await collect(outer());
    for (const name of ["inner", "middle", "outer"]) {
      const parent = seen.spans.get(`invoke_agent ${name}`);
      expect(
        seen.spans.all("execute_tool mark", { parent, attributes: { "gen_ai.agent.name": name } }),
      ).toHaveLength(2);
    }
    seen.spans.get("invoke_agent inner", { attributes: { "gen_ai.caller.name": "middle" } });
  });

  it("is followed when a promise brings it", async () => {
    const generator = await agent("promised", async () => count(1))();
    expect(seen.spans.open).toEqual(["invoke_agent promised"]);
    expect(await collect(generator)).toEqual([1]);
    expect([seen.spans.open, endings()]).toEqual([[], 1]);
  });

  it("goes through untouched when it is frozen", async () => {
    expect(await collect(agent("frozen", () => Object.freeze(count(2)))())).toEqual([1, 2]);
    expect([seen.spans.open, endings()]).toEqual([[], 1]);
  });

  it("shows no properties that it did not have", () => {
    expect(Object.keys(agent("plain-face", count)(1))).toEqual([]);
  });
});
