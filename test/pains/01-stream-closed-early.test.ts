import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { agent, observe } from "../../src/index.ts";
import { scriptedProvider } from "../../src/testing/index.ts";
import { nextTurn, watch } from "../agent/support.ts";
import { type Clients, chatRequest, clientsOf, messageRequest } from "../instrumentation/support.ts";
import { spanAtTheEnd } from "../naive/stream-span-at-the-end.ts";

// A caller that stops reading an answer early loses the whole call elsewhere: no span, no tokens, no cost.

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const told = watch();
const stream = true as const;

interface AnswerStream extends AsyncIterable<unknown> {
  readonly controller: AbortController;
}
type Open = (clients: Clients, signal: AbortSignal) => Promise<AnswerStream>;

const OPEN: Readonly<Record<string, Open>> = {
  openai: ({ openai }, signal) => openai.chat.completions.create({ ...chatRequest, stream }, { signal }),
  anthropic: ({ anthropic }, signal) => anthropic.messages.create({ ...messageRequest, stream }, { signal }),
};

/** The ways to leave an answer. Each gets the opened stream and what aborts its request. */
const EXITS: Readonly<Record<string, (answer: AnswerStream, abort: () => void) => Promise<void>>> = {
  async break(answer) {
    for await (const _ of answer) break;
  },
  async "a throw in the loop"(answer) {
    for await (const _ of answer) throw new RangeError("seen enough");
  },
  async "return()"(answer) {
    const iterator = answer[Symbol.asyncIterator]();
    await iterator.next();
    await iterator.return?.();
  },
  async "an abort of the request"(answer, abort) {
    for await (const _ of answer) abort();
  },
  async "an abort before the first read"(answer) {
    answer.controller.abort();
  },
};

const opened = async () => {
  const provider = await scriptedProvider({
    respond: () => ({ chunks: ["a", "b", "c"], stallAfterChunks: 2, usage: { input: 100, output: 40 } }),
  });
  return { clients: clientsOf(provider), [Symbol.asyncDispose]: () => provider.close() };
};

function expectOneEndedCall(): void {
  expect(told.spans.open).toEqual([]);
  expect(told.spans.spans).toHaveLength(2);
  expect(told.spans.get(/^chat /).attributes).toMatchObject({
    "gen_ai.agent.name": "reader",
    "gen_ai.response.finish_reasons": ["error"],
  });
}

describe.each(Object.entries(OPEN))("an answer of %s", (_, open) => {
  it.each(Object.entries(EXITS))(
    "left by %s is one ended call, of the agent that asked",
    async (_, leave) => {
      await using scene = await opened();
      const aborting = new AbortController();
      const read = agent("reader", async () => {
        await leave(await open(scene.clients, aborting.signal), () => aborting.abort());
      });
      await read().catch(() => {});
      expectOneEndedCall();
    },
  );

  it("that nobody ever reads is one ended call once it is garbage", async () => {
    await using scene = await opened();
    await agent("reader", async () => void (await open(scene.clients, new AbortController().signal)))();
    for (let turn = 0; turn < 200 && told.spans.open.length > 0; turn++) {
      collectGarbage();
      await nextTurn();
    }
    expectOneEndedCall();
  });
});

it.each(["openai-5", "openai-6", "openai"])("a break ends the span with %s", async (version) => {
  const { OpenAI } = (await import(version)) as typeof import("openai");
  await using provider = await scriptedProvider({ respond: () => ({ chunks: 9 }) });
  const client = observe(new OpenAI({ apiKey: "sk-test", baseURL: provider.openaiBaseUrl }));
  for await (const _ of await client.chat.completions.create({ ...chatRequest, stream })) break;
  expect(told.spans.open).toEqual([]);
  told.spans.get("chat gpt-4o-mini");
});

it("what the provider said before the break is kept: Anthropic tells its input first", async () => {
  await using scene = await opened();
  for await (const _ of await scene.clients.anthropic.messages.create({ ...messageRequest, stream })) break;
  expect(told.records).toEqual([expect.objectContaining({ inputTokens: 100 })]);
});

it("would be seen to be lost: a span that waits for the last chunk stays open", async () => {
  await using scene = await opened();
  const answer = await scene.clients.openai.chat.completions.create({ ...chatRequest, stream });
  for await (const _ of spanAtTheEnd("naive chat", answer)) break;
  expect(told.spans.open).toEqual(["naive chat"]);
});
