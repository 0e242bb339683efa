import type OpenAI from "openai";
import { afterEach, expect, it } from "vitest";
import { contentCapture } from "../../src/agent/content/capture-mode.ts";
import { agent, conversation, tool } from "../../src/index.ts";
import { scriptedProvider } from "../../src/testing/index.ts";
import { watch } from "../agent/support.ts";
import { clientsOf } from "../instrumentation/support.ts";

// Each step of a loop puts the whole history on its span: quadratic in the steps, until the process or the batch is too large.

const told = watch();
afterEach(() => contentCapture.use("NO_CONTENT"));

const KIB = 1_024;
const STEPS = 40;
const SPAN_LIMIT = 4 * 64 * KIB;

/** A loop of tool calls whose history grows by some 10 KiB with each step. @returns bytes of the requests that were sent. */
async function longLoop(): Promise<number> {
  await using provider = await scriptedProvider({ respond: () => ({ text: "thinking ".repeat(500) }) });
  const { openai } = clientsOf(provider);
  const messages: OpenAI.ChatCompletionMessageParam[] = [];
  const loop = agent("worker", async () => {
    for (let step = 0; step < STEPS; step++) {
      messages.push({ role: "user", content: `page ${step} ${"words of a page ".repeat(320)}` });
      const answer = await openai.chat.completions.create({ model: "gpt-4o-mini", messages });
      messages.push(answer.choices[0]!.message);
    }
  });
  await conversation("chat-1", loop);
  return provider.requests.reduce((sum, { body }) => sum + JSON.stringify(body).length, 0);
}

const sizes = (): readonly number[] =>
  told.spans.spans.map(({ attributes }) => JSON.stringify(attributes).length);
const total = (): number => sizes().reduce((sum, size) => sum + size, 0);

it("by default forty steps with a history of 400 KiB make spans of a kilobyte each", async () => {
  const sent = await longLoop();
  expect(sent).toBeGreaterThan(4_000 * KIB);
  expect(Math.max(...sizes())).toBeLessThan(2 * KIB);
});

it("recorded on the spans, each text is there once: as large as the conversation, not as all requests", async () => {
  contentCapture.use("SPAN_ONLY");
  const sent = await longLoop();
  expect(total()).toBeGreaterThan(300 * KIB);
  expect(total()).toBeLessThan(sent / 8);
});

it("one giant history, arguments and results stay below a limit, and are JSON all the same", async () => {
  contentCapture.use("SPAN_ONLY");
  await using provider = await scriptedProvider();
  const { openai } = clientsOf(provider);
  const giant = "x ".repeat(2_500 * KIB);
  const read = tool("read", (_page: string) => giant, { capture: true });
  await agent(
    "worker",
    async (_input: string) => {
      read(giant);
      const content = giant.slice(0, 1_000 * KIB);
      const messages = Array.from({ length: 9 }, () => ({ role: "user" as const, content }));
      await openai.chat.completions.create({ model: "gpt-4o-mini", messages });
      return giant;
    },
    { capture: true },
  )(giant);
  expect(Math.max(...sizes())).toBeLessThan(SPAN_LIMIT);
  const texts = told.spans.spans.flatMap(({ attributes }) =>
    Object.entries(attributes).filter(([name]) => /messages$/.test(name)),
  );
  expect(texts.length).toBeGreaterThan(2);
  const chat = told.spans.get("chat gpt-4o-mini").attributes["gen_ai.input.messages"];
  const [first, ...kept] = JSON.parse(String(chat)) as readonly object[];
  expect(JSON.stringify(first)).toMatch(/older messages left out/);
  expect(kept.length).toBeGreaterThan(2);
});

it("would be seen to be quadratic: the requests together are twenty times the conversation", async () => {
  const sent = await longLoop();
  const conversationSize = STEPS * (320 * "words of a page ".length + 500 * "thinking ".length);
  expect(sent / conversationSize).toBeGreaterThan(STEPS / 2 - 2);
});
