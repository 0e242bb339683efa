import { EventEmitter, on } from "node:events";
import { addAbortSignal, PassThrough, Readable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import { describe, expect, it } from "vitest";
import { agent, currentAgent } from "../../../src/index.ts";
import { watch } from "../support.ts";

const seen = watch();
const ended = (): unknown => [seen.spans.open, seen.records.length];
const ENDED_ONCE = [[], 1];

describe("a stream of Node", () => {
  it("stays the same object, and is followed through a pipe", async () => {
    const source = Readable.from(["a", "b"]);
    const stream = agent("piped", () => source)();
    expect(stream).toBe(source);
    expect(seen.spans.open).toEqual(["invoke_agent piped"]);
    await pipeline(stream, new PassThrough().resume());
    expect(ended()).toEqual(ENDED_ONCE);
  });

  it("ends the span when a for await breaks off", async () => {
    const stream = agent("broken", () => Readable.from(["a", "b"]))();
    const closed = new Promise((resolve) => stream.once("close", resolve));
    for await (const _ of stream) break;
    await closed;
    seen.spans.get("invoke_agent broken", { failed: false });
    expect(ended()).toEqual(ENDED_ONCE);
  });

  it("fails the span with its error, and still counts as having no error handler", async () => {
    const error = new RangeError("cut");
    const stream = agent("cut", () => new Readable({ read() {} }))();
    expect(stream.listenerCount("error")).toBe(0);
    const gone = finished(stream);
    stream.destroy(error);
    await expect(gone).rejects.toBe(error);
    seen.spans.get("invoke_agent cut", { failed: true, attributes: { "error.type": "RangeError" } });
  });

  it("fails as AbortError when a signal aborts it", async () => {
    const controller = new AbortController();
    const stream = agent("aborted", () => addAbortSignal(controller.signal, new Readable({ read() {} })))();
    const gone = finished(stream);
    controller.abort();
    await expect(gone).rejects.toMatchObject({ name: "AbortError" });
    seen.spans.get("invoke_agent aborted", { failed: true, attributes: { "error.type": "AbortError" } });
  });

  it("reads as its agent, whoever consumes it", async () => {
    const names: unknown[] = [];
    const stream = agent("reads", () => {
      return new Readable({
        read() {
          names.push(currentAgent()?.name);
          this.push(null);
        },
      });
    })();
    await finished(stream.resume());
    expect(names).toEqual(["reads"]);
  });

  it("that is over already ends the call at once", async () => {
    const source = Readable.from([]);
    await finished(source.resume());
    agent("over", () => source)();
    expect(ended()).toEqual(ENDED_ONCE);
  });
});

describe("an async iterable of a client", () => {
  class Stream implements AsyncIterable<number> {
    readonly controller = new AbortController();
    async *[Symbol.asyncIterator](): AsyncGenerator<number> {
      yield 1;
      yield 2;
    }
  }

  it("stays the same object and ends with the last item", async () => {
    const source = new Stream();
    const stream = agent("client", () => source)();
    expect(stream).toBe(source);
    expect(await Array.fromAsync(stream)).toEqual([1, 2]);
    expect(ended()).toEqual(ENDED_ONCE);
  });

  it("ends the span on break", async () => {
    for await (const _ of agent("client-break", () => new Stream())()) break;
    expect(ended()).toEqual(ENDED_ONCE);
  });

  it("can be iterated again after the call has ended", async () => {
    const stream = agent("client-again", () => new Stream())();
    await Array.fromAsync(stream);
    expect(await Array.fromAsync(stream)).toEqual([1, 2]);
    expect(ended()).toEqual(ENDED_ONCE);
  });

  it("goes through untouched when it is frozen", async () => {
    const stream = agent("client-frozen", () => Object.freeze(new Stream()))();
    expect(await Array.fromAsync(stream)).toEqual([1, 2]);
    expect(ended()).toEqual(ENDED_ONCE);
  });

  it("is followed when it is an iterator whose steps are taken by hand", async () => {
    const emitter = new EventEmitter();
    const controller = new AbortController();
    const events = agent("events", () => on(emitter, "tick", { signal: controller.signal }))();
    const next = events.next();
    emitter.emit("tick", 1);
    expect((await next).value).toEqual([1]);
    expect(seen.spans.open).toEqual(["invoke_agent events"]);
    await events.return?.();
    expect(ended()).toEqual(ENDED_ONCE);
  });
});
