import { describe, expect, it } from "vitest";
import { agent, currentAgent } from "../../../src/index.ts";
import { nextTurn, watch } from "../support.ts";

const seen = watch();
function words(...all: string[]): ReadableStream<string> {
  return new ReadableStream(
    {
      pull(controller) {
        const word = all.shift();
        if (word === undefined) controller.close();
        else controller.enqueue(word);
      },
    },
    { highWaterMark: 0 },
  );
}

const ended = (): unknown => [seen.spans.open, seen.records.length];
const ENDED_ONCE = [[], 1];

describe("a ReadableStream", () => {
  it("keeps the span open until the last chunk is read", async () => {
    const reader = agent("reads", () => words("a", "b"))().getReader();
    expect(await reader.read()).toEqual({ done: false, value: "a" });
    expect(seen.spans.open).toEqual(["invoke_agent reads"]);
    await reader.read();
    expect(await reader.read()).toEqual({ done: true, value: undefined });
    expect(ended()).toEqual(ENDED_ONCE);
  });

  it("ends the span when a for await breaks off, and cancels the source as its agent", async () => {
    const { promise: cancelled, resolve } = Promise.withResolvers<unknown>();
    const cancel = (): void => resolve(currentAgent()?.name);
    const source = new ReadableStream({ pull: (c) => c.enqueue("x"), cancel });
    for await (const _ of agent("breaks-off", () => source)()) break;
    expect(await cancelled).toBe("breaks-off");
    seen.spans.get("invoke_agent breaks-off", { failed: false });
    expect(ended()).toEqual(ENDED_ONCE);
  });

  it("hands the reason of cancel() to the source", async () => {
    const { promise: cancelled, resolve } = Promise.withResolvers<unknown>();
    const reason = { why: "enough" };
    await agent("cancels", () => new ReadableStream({ cancel: resolve }))().cancel(reason);
    expect(await cancelled).toBe(reason);
    expect(ended()).toEqual(ENDED_ONCE);
  });

  it("rejects cancel() with what the source throws there", async () => {
    const error = new Error("cannot stop");
    const source = new ReadableStream({ cancel: () => Promise.reject(error) });
    await expect(agent("cancel-fails", () => source)().cancel()).rejects.toBe(error);
    expect(ended()).toEqual(ENDED_ONCE);
  });

  it("fails the span with the source's error, the same object", async () => {
    const error = new TypeError("cut off");
    const source = new ReadableStream({ pull: (controller) => controller.error(error) });
    await expect(
      agent("errors", () => source)()
        .getReader()
        .read(),
    ).rejects.toBe(error);
    seen.spans.get("invoke_agent errors", { failed: true, attributes: { "error.type": "TypeError" } });
  });

  it("ends once when cancelled while a read is on its way", async () => {
    const reader = agent("races", () => new ReadableStream<string>({}))().getReader();
    const pending = reader.read();
    await reader.cancel();
    expect(await pending).toEqual({ done: true, value: undefined });
    await nextTurn();
    expect(ended()).toEqual(ENDED_ONCE);
  });

  it("asks the source for nothing before somebody reads", async () => {
    let pulls = 0;
    const source = new ReadableStream({ pull: (c) => c.enqueue(++pulls) }, { highWaterMark: 0 });
    const reader = agent("lazy", () => source)().getReader();
    await nextTurn();
    expect(pulls).toBe(0);
    await reader.read();
    await nextTurn();
    expect(pulls).toBe(1);
  });

  it("knows its agent when the source is asked for a chunk", async () => {
    const names: unknown[] = [];
    const source = new ReadableStream(
      {
        pull(controller) {
          names.push(currentAgent()?.name);
          controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    await agent("pulled", () => source)()
      .getReader()
      .read();
    expect(names).toEqual(["pulled"]);
  });

  it("can be teed", async () => {
    const [left, right] = agent("teed", () => words("a", "b"))().tee();
    expect(await Promise.all([Array.fromAsync(left), Array.fromAsync(right)])).toEqual([
      ["a", "b"],
      ["a", "b"],
    ]);
    expect(ended()).toEqual(ENDED_ONCE);
  });

  it("can be piped", async () => {
    const got: string[] = [];
    await agent("piped", () => words("a", "b"))()
      .pipeThrough(new TransformStream())
      .pipeTo(new WritableStream({ write: (word) => void got.push(word) }));
    expect(got).toEqual(["a", "b"]);
    expect(ended()).toEqual(ENDED_ONCE);
  });

  it("ends when a signal aborts the pipe", async () => {
    const controller = new AbortController();
    const { promise: writing, resolve } = Promise.withResolvers<void>();
    const endless = new ReadableStream({ pull: (c) => c.enqueue("x") });
    const sink = new WritableStream({ write: () => resolve() });
    const piping = agent("pipe-aborted", () => endless)().pipeTo(sink, { signal: controller.signal });
    await writing;
    controller.abort();
    await expect(piping).rejects.toBe(controller.signal.reason);
    expect(ended()).toEqual(ENDED_ONCE);
  });

  it("can be the body of a Response", async () => {
    expect(
      await new Response(
        agent("responds", () => words("a", "b").pipeThrough(new TextEncoderStream()))(),
      ).text(),
    ).toBe("ab");
    expect(ended()).toEqual(ENDED_ONCE);
  });

  it("is followed when a promise brings it", async () => {
    const stream = await agent("promised", async () => words("a"))();
    expect(seen.spans.open).toEqual(["invoke_agent promised"]);
    expect(await Array.fromAsync(stream)).toEqual(["a"]);
    expect(ended()).toEqual(ENDED_ONCE);
  });

  it("goes through as it is when somebody reads it already", () => {
    const source = words("a");
    source.getReader();
    expect(agent("locked", () => source)()).toBe(source);
    expect(ended()).toEqual(ENDED_ONCE);
  });
});
