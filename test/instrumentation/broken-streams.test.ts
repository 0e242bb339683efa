import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { SpanStatusCode } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { type ScriptedAnswer, type ScriptedProvider, scriptedProvider } from "../../src/testing/index.ts";
import { nextTurn, watch } from "../agent/support.ts";
import { all, type Clients, chatRequest, clientsOf, messageRequest, responseRequest } from "./support.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const told = watch();

interface AnswerStream extends AsyncIterable<unknown> {
  readonly controller: AbortController;
}

const stream = true as const;

const OPEN: readonly (readonly [
  string,
  (clients: Clients, signal?: AbortSignal) => Promise<AnswerStream>,
])[] = [
  [
    "chat completions",
    ({ openai }, signal) => openai.chat.completions.create({ ...chatRequest, stream }, signal && { signal }),
  ],
  [
    "responses",
    ({ openai }, signal) => openai.responses.create({ ...responseRequest, stream }, signal && { signal }),
  ],
  [
    "messages",
    ({ anthropic }, signal) => anthropic.messages.create({ ...messageRequest, stream }, signal && { signal }),
  ],
];

const LONG: ScriptedAnswer = { chunks: ["a", "b", "c"], stallAfterChunks: 2 };

function long(): Promise<ScriptedProvider> {
  return scriptedProvider({ respond: () => LONG });
}

/** One ended span, which says that its answer was not read to the end. */
function expectBroken(errorType?: string | RegExp): void {
  expect(told.spans.open).toEqual([]);
  expect(told.spans.spans).toHaveLength(1);
  expect(told.records).toHaveLength(1);
  const [span] = told.spans.spans;
  expect(span?.attributes["gen_ai.response.finish_reasons"]).toEqual(["error"]);
  expect(span?.attributes["error.type"]).toEqual(
    errorType === undefined ? undefined : expect.stringMatching(errorType),
  );
  const code = errorType === undefined ? SpanStatusCode.UNSET : SpanStatusCode.ERROR;
  expect(span?.status.code).toBe(code);
}

describe.each(OPEN)("a stream of %s", (_, open) => {
  it("that the server cuts ends as failed, and the caller gets the error", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ ...LONG, stallAfterChunks: 3 }) });
    provider.queue({ chunks: ["a", "b", "c"], breakAfterChunks: 2 });
    await expect(all(await open(clientsOf(provider)))).rejects.toThrow();
    expectBroken(/Error/);
  });

  it("that brings an error ends as failed", async () => {
    await using provider = await scriptedProvider();
    provider.queue({ chunks: ["a", "b"], fail: { status: 529, afterChunks: 1 } });
    await all(await open(clientsOf(provider))).catch(() => {});
    expect(told.spans.open).toEqual([]);
    expect(told.records).toHaveLength(1);
    expect(told.spans.spans[0]?.attributes["gen_ai.response.finish_reasons"]).toEqual(["error"]);
  });

  it("left with break ends there, and is no error", async () => {
    await using provider = await long();
    for await (const _item of await open(clientsOf(provider))) break;
    expectBroken();
  });

  it("left with a throw in the caller's loop ends there", async () => {
    await using provider = await long();
    const answer = await open(clientsOf(provider));
    const loop = async (): Promise<void> => {
      for await (const _item of answer) throw new RangeError("mine");
    };
    await expect(loop()).rejects.toThrow("mine");
    expectBroken();
  });

  it("left with return() ends there", async () => {
    await using provider = await long();
    const iterator = (await open(clientsOf(provider)))[Symbol.asyncIterator]();
    await iterator.next();
    await iterator.return?.();
    expectBroken();
  });

  it("aborted by its controller while it is read ends there", async () => {
    await using provider = await long();
    const answer = await open(clientsOf(provider));
    for await (const _item of answer) answer.controller.abort();
    expectBroken();
  });

  it("aborted by the caller's signal while it is read ends there", async () => {
    await using provider = await long();
    const controller = new AbortController();
    for await (const _item of await open(clientsOf(provider), controller.signal)) controller.abort();
    expectBroken();
  });

  it("aborted before it is read ends there", async () => {
    await using provider = await long();
    const answer = await open(clientsOf(provider));
    answer.controller.abort();
    expectBroken();
  });

  it.each([
    ["that nobody reads", false],
    ["of which one item is read", true],
  ])("%s ends when it is garbage, also while the caller's signal lives on", async (_how, reads) => {
    await using provider = await long();
    const { signal } = new AbortController();
    await (async () => {
      const answer = await open(clientsOf(provider), signal);
      if (reads) await answer[Symbol.asyncIterator]().next();
    })();
    await collected();
    expectBroken();
    expect(signal.aborted).toBe(false);
  });
});

describe("a promise that nobody awaits", () => {
  it("ends its span when it is garbage", async () => {
    await using provider = await scriptedProvider();
    void clientsOf(provider).openai.chat.completions.create(chatRequest);
    await (await provider.received(0)).outcome;
    await collected();
    expect(told.spans.spans.map(({ name }) => name)).toEqual(["chat gpt-4o-mini"]);
  });

  it("but is awaited late keeps its tokens", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ usage: { input: 100, output: 40 } }) });
    const answer = clientsOf(provider).openai.chat.completions.parse(chatRequest);
    await (await provider.received(0)).outcome;
    collectGarbage();
    await nextTurn();
    await answer;
    expect(told.records).toEqual([expect.objectContaining({ inputTokens: 100 })]);
  });
});

/** Finalizers run in turns of their own, some time after the collection. */
async function collected(): Promise<void> {
  for (let turn = 0; turn < 200 && told.spans.spans.length === 0; turn++) {
    collectGarbage();
    await nextTurn();
  }
}
