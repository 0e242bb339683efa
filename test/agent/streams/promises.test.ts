import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { agent, currentAgent } from "../../../src/index.ts";
import { nextTurn, watch } from "../support.ts";

const seen = watch();
const ended = (): unknown => [seen.spans.open, seen.records.length];
const ENDED_ONCE = [[], 1];

/** Like the promise of a client: does nothing until it is awaited, and has methods of its own. */
class LazyPromise<T> extends Promise<T> {
  readonly #work: () => Promise<T>;
  runs = 0;

  constructor(work: () => Promise<T>) {
    super((resolve) => resolve(undefined as T));
    this.#work = work;
  }

  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  // biome-ignore lint/suspicious/noThenProperty: this is what such clients do.
  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.runs += 1;
    return this.#work().then(onFulfilled, onRejected);
  }

  raw(): string {
    return "raw";
  }
}

class NamedPromise<T> extends Promise<T> {
  readonly kind = "named";
}

describe("a promise of a subclass", () => {
  it("stays the same object, with its methods", async () => {
    const promise = new NamedPromise<number>((resolve) => resolve(1));
    const result = agent("named", () => promise)();
    expect(result).toBe(promise);
    expect(await result).toBe(1);
    expect(ended()).toEqual(ENDED_ONCE);
  });

  it("fails the span with its error", async () => {
    const error = new RangeError("no");
    const result = agent("named-fails", () => new NamedPromise((_, reject) => reject(error)))();
    await expect(result).rejects.toBe(error);
    seen.spans.get("invoke_agent named-fails", { failed: true, attributes: { "error.type": "RangeError" } });
  });

  it("that brings a generator ends with the generator's last item", async () => {
    async function* items(): AsyncGenerator<number> {
      yield 1;
    }
    const result = agent("named-stream", () => new NamedPromise<AsyncGenerator<number>>((r) => r(items())))();
    const generator = await result;
    expect(seen.spans.open).toEqual(["invoke_agent named-stream"]);
    expect(await Array.fromAsync(generator)).toEqual([1]);
    expect(ended()).toEqual(ENDED_ONCE);
  });
});

describe("a promise of a subclass that brings a ReadableStream", () => {
  it("leaves that stream to the caller, who has it already", async () => {
    const stream = new ReadableStream({ start: (c) => c.close() });
    const result = agent("named-web-stream", () => new NamedPromise<ReadableStream>((r) => r(stream)))();
    expect([(await result) === stream, stream.locked]).toEqual([true, false]);
    expect(ended()).toEqual(ENDED_ONCE);
  });
});

describe("a promise with a then of its own", () => {
  it("is not started before the caller starts it", async () => {
    const promise = new LazyPromise(async () => 1);
    const result = agent("lazy", () => promise)();
    await nextTurn();
    expect([result, promise.runs, promise.raw()]).toEqual([promise, 0, "raw"]);
    expect(await result).toBe(1);
    expect([promise.runs, ...(ended() as [])]).toEqual([1, ...ENDED_ONCE]);
  });

  it("does its work as its agent, and lets the caller go on as itself", async () => {
    const names: unknown[] = [];
    const result = agent(
      "lazy-worker",
      () => new LazyPromise(async () => names.push(currentAgent()?.name)),
    )();
    await result.then(() => names.push(currentAgent()?.name));
    expect(names).toEqual(["lazy-worker", undefined]);
  });

  it("lets the caller handle its error as itself", async () => {
    const result = agent("lazy-loser", () => new LazyPromise(() => Promise.reject(new Error("no"))))();
    expect(await result.catch(() => currentAgent())).toBeUndefined();
  });

  it("that brings a ReadableStream ends with the last chunk, and gives the same stream to all who ask", async () => {
    const stream = new ReadableStream({ start: (c) => c.close() });
    const result = agent("lazy-stream", () => new LazyPromise(async () => stream))();
    const [one, two] = [await result, await result];
    expect(one).toBe(two);
    expect(seen.spans.open).toEqual(["invoke_agent lazy-stream"]);
    await one.getReader().read();
    expect(ended()).toEqual(ENDED_ONCE);
  });

  it("passes on its rejection, the same object", async () => {
    const error = new Error("no");
    const result = agent("lazy-fails", () => new LazyPromise(() => Promise.reject(error)))();
    await expect(result).rejects.toBe(error);
    expect(seen.spans.all({ failed: true })).toHaveLength(1);
  });
});

describe("a plain promise", () => {
  let unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  let others: NodeJS.UnhandledRejectionListener[] = [];
  beforeEach(() => {
    unhandled = [];
    others = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection").on("unhandledRejection", note);
  });
  afterEach(() => {
    process.removeAllListeners("unhandledRejection");
    for (const other of others) process.on("unhandledRejection", other);
  });

  it("that rejects unhandled is reported once, as without the wrapper", async () => {
    const error = new Error("nobody listens");
    void agent("unheard", () => Promise.reject(error))();
    await nextTurn();
    expect(unhandled).toEqual([error]);
  });

  it("whose rejection is handled is not reported", async () => {
    await agent("heard", () => Promise.reject(new Error("heard")))().catch(() => {});
    await nextTurn();
    expect(unhandled).toEqual([]);
  });

  it("keeps the properties that a library hung on it", async () => {
    const result = agent("cancellable", () =>
      Object.assign(Promise.resolve(1), { cancel: () => "stopped" }),
    )();
    expect([result.cancel(), await result]).toEqual(["stopped", 1]);
  });
});

describe("a mere thenable", () => {
  it("stays the same object and ends the call when the caller waits for it", async () => {
    let starts = 0;
    const query = {
      // biome-ignore lint/suspicious/noThenProperty: a query builder, as knex has it.
      then(resolve: (rows: string[]) => void) {
        starts += 1;
        resolve(["row"]);
      },
      limit: () => query,
    };
    const result = agent("query", () => query)();
    expect([result === query, starts, seen.spans.open.length]).toEqual([true, 0, 1]);
    expect(await result).toEqual(["row"]);
    expect([starts, ...(ended() as [])]).toEqual([1, ...ENDED_ONCE]);
  });
});
