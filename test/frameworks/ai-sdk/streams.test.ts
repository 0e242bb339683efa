import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isStepCount, streamText, experimental_streamTextLowMemory as streamTextLowMemory, tool } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import * as names from "../../../src/telemetry/semconv.ts";
import { nextTurn } from "../../agent/support.ts";
import { openDesk } from "./desk.ts";

const desk = openDesk();

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const USAGE = { input: 100, output: 20 };
/** More pieces than all buffers between the provider and the program hold. */
const LONG = { text: "otter ".repeat(100), chunks: 100, usage: USAGE };

function write(more: object = {}) {
  return streamText({
    model: desk.openai.chat("gpt-4o-mini"),
    prompt: "Otters?",
    maxRetries: 0,
    telemetry: { functionId: "writer" },
    onError() {},
    ...more,
  });
}

/** Waits for the end of all spans, with garbage collected on the way. */
async function ended(but: readonly string[] = []): Promise<void> {
  for (let round = 0; round < 200 && desk.spans.open.length > but.length; round++) {
    collectGarbage();
    await nextTurn();
  }
  expect(desk.spans.open).toEqual(but);
}

const models = () => desk.spans.all(/^chat /);
const writer = () => desk.spans.get("invoke_agent writer");

describe("a stream of the AI SDK", () => {
  it("that is read has its usage, its pieces' times and one span", async () => {
    desk.provider.queue(LONG);
    for await (const _ of write().textStream);
    expect(models()).toHaveLength(1);
    expect(models()[0]?.attributes).toMatchObject({
      [names.ATTR_USAGE_INPUT]: 100,
      [names.ATTR_REQUEST_STREAM]: true,
      [names.ATTR_FINISH_REASONS]: ["stop"],
      [names.ATTR_TIME_TO_FIRST_CHUNK]: expect.any(Number),
      [names.ATTR_TIME_PER_OUTPUT_CHUNK]: expect.any(Number),
    });
  });

  it("gives its reader every part as without the hook", async () => {
    const parts = async () => {
      desk.provider.queue(LONG);
      const found: string[] = [];
      for await (const part of write().stream) found.push(part.type === "text-delta" ? part.text : part.type);
      return found;
    };
    const watched = await parts();
    desk.stopWatching();
    expect(watched).toEqual(await parts());
  });

  it("that is left with break goes on for other readers of the same answer", async () => {
    desk.provider.queue(LONG);
    const result = write();
    for await (const _ of result.textStream) break;
    expect(await result.text).toBe(LONG.text);
    await expect.poll(() => desk.spans.open).toEqual([]);
    expect(models()[0]?.attributes[names.ATTR_FINISH_REASONS]).toEqual(["stop"]);
  });

  it("that is left with break and dropped ends when it is garbage, its model call inside of its agent", async () => {
    desk.provider.queue(LONG);
    await (async () => {
      for await (const _ of write().textStream) break;
    })();
    await ended();
    expect(models()[0]?.attributes[names.ATTR_FINISH_REASONS]).toEqual(["error"]);
    expect(writer().attributes[names.ATTR_OWN_CALLS]).toBe(1);
  });

  it("of which a transform has had enough ends at once", async () => {
    desk.provider.queue(LONG);
    const stop = ({ stopStream }: { stopStream(): void }) =>
      new TransformStream({
        transform(part, controller) {
          controller.enqueue(part);
          if (part.type === "text-delta") stopStream();
        },
      });
    const result = write({ experimental_transform: stop });
    for await (const _ of result.textStream);
    await expect.poll(() => desk.spans.open).toEqual([]);
    expect(models()[0]?.attributes[names.ATTR_FINISH_REASONS]).toEqual(["error"]);
    expect(result).toBeDefined();
  });

  it("that has one reader alone ends at once when that reader leaves", async () => {
    desk.provider.queue(LONG);
    const result = streamTextLowMemory({
      model: desk.openai.chat("gpt-4o-mini"),
      prompt: "Otters?",
      telemetry: { functionId: "writer" },
    });
    for await (const { type } of result.stream) if (type === "text-delta") break;
    await expect.poll(() => desk.spans.open).toEqual([]);
    expect(models()[0]?.attributes[names.ATTR_FINISH_REASONS]).toEqual(["error"]);
    expect(result).toBeDefined();
  });

  it("that nobody reads ends when it is garbage", async () => {
    desk.provider.queue(LONG);
    await (async () => void write())();
    await expect.poll(() => desk.provider.requests.length).toBe(1);
    await expect.poll(() => desk.spans.open).toEqual(["invoke_agent writer"]);
    await ended();
    expect(models()).toHaveLength(1);
  });

  it("of a model that says nothing of its answer ends when it is garbage too", async () => {
    let pulled = 0;
    const model = new MockLanguageModelV4({
      provider: "openai.chat",
      modelId: "gpt-4o-mini",
      doStream: async () => ({
        stream: new ReadableStream({
          pull(controller) {
            pulled += 1;
            controller.enqueue({ type: "text-delta", id: "1", delta: "otter " });
          },
        }),
      }),
    });
    await (async () => {
      for await (const { type } of write({ model }).stream) if (type === "text-delta") break;
    })();
    await ended();
    expect(models()).toHaveLength(1);
    expect(pulled).toBeGreaterThan(0);
  });

  it("that is left when its short answer is all in buffers counts its tokens, and ends when it is garbage", async () => {
    desk.provider.queue({ text: "Yes.", usage: USAGE });
    await (async () => {
      for await (const _ of write().textStream) break;
    })();
    await ended();
    expect(models()[0]?.attributes[names.ATTR_USAGE_INPUT]).toBe(100);
  });

  it("that is aborted ends once, and is no failure", async () => {
    desk.provider.queue({ ...LONG, stallAfterChunks: 3 });
    const abort = new AbortController();
    for await (const _ of write({ abortSignal: abort.signal }).textStream) abort.abort();
    await expect.poll(() => desk.spans.open).toEqual([]);
    expect(models()).toHaveLength(1);
    expect(writer().attributes[names.ATTR_ERROR_TYPE]).toBeUndefined();
  });

  it("that is aborted while nobody reads ends all the same", async () => {
    desk.provider.queue({ ...LONG, stallAfterChunks: 3 });
    const abort = new AbortController();
    const result = write({ abortSignal: abort.signal });
    await expect.poll(() => desk.provider.requests.length).toBe(1);
    abort.abort();
    await expect.poll(() => desk.spans.open).toEqual([]);
    expect(result).toBeDefined();
  });

  it.each([
    { why: "an error in its midst", fault: { fail: { status: 500, afterChunks: 3 } } },
    { why: "a broken connection", fault: { breakAfterChunks: 3 } },
    { why: "an error before its first piece", fault: { fail: { status: 400 } } },
  ])("fails model call and agent for $why", async ({ fault }) => {
    desk.provider.queue({ ...LONG, ...fault });
    try {
      for await (const _ of write().textStream);
    } catch {
      // Some failures reach the reader, some only `onError`.
    }
    await expect.poll(() => desk.spans.open).toEqual([]);
    expect(models().map(({ attributes }) => names.ATTR_ERROR_TYPE in attributes)).toEqual([true]);
    expect(writer().attributes[names.ATTR_ERROR_TYPE]).toEqual(expect.any(String));
  });

  it("that broke and is tried again is two model calls of one agent that has not failed", async () => {
    desk.provider.queue({ ...LONG, fail: { status: 500, afterChunks: 3 } }, LONG);
    for await (const _ of write({ streamRetries: 1 }).textStream);
    await expect.poll(() => desk.spans.open).toEqual([]);
    expect(models().map(({ attributes }) => names.ATTR_ERROR_TYPE in attributes)).toEqual([true, false]);
    expect(writer().attributes).toMatchObject({ [names.ATTR_OWN_CALLS]: 2 });
    expect(writer().attributes[names.ATTR_ERROR_TYPE]).toBeUndefined();
  });

  it("in which a transform throws ends, its model call inside of its agent", async () => {
    desk.provider.queue({ ...LONG, stallAfterChunks: 50 });
    const fails = () =>
      new TransformStream({
        transform(part, controller) {
          if (part.type === "text-delta") throw new RangeError("unfit");
          controller.enqueue(part);
        },
      });
    await expect(write({ experimental_transform: fails }).text).rejects.toThrow();
    await ended();
    expect(models()).toHaveLength(1);
    expect(writer().attributes[names.ATTR_OWN_CALLS]).toBe(1);
  });

  it("with several steps is one agent around all of them", async () => {
    desk.provider.queue({ toolCalls: [{ name: "search", arguments: {} }], usage: USAGE }, LONG);
    const search = tool({ inputSchema: z.object({}), execute: async () => "pages" });
    for await (const _ of write({ tools: { search }, stopWhen: isStepCount(3) }).textStream);
    await expect.poll(() => desk.spans.open).toEqual([]);
    const children = desk.spans.childrenOf(writer()).map(({ name }) => name);
    expect(children).toEqual(["chat gpt-4o-mini", "execute_tool search", "chat gpt-4o-mini"]);
  });

  it("that is left while a tool runs ends when it is garbage", async () => {
    desk.provider.queue({ toolCalls: [{ name: "wait", arguments: {} }], usage: USAGE });
    const { promise: begun, resolve: begins } = Promise.withResolvers<void>();
    const wait = tool({
      inputSchema: z.object({}),
      async execute(): Promise<string> {
        begins();
        return new Promise(() => {});
      },
    });
    await (async () => {
      void write({ tools: { wait } }).consumeStream();
      await begun;
    })();
    await ended(["execute_tool wait"]);
  });
});
