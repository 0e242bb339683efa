// Plants canaries in every place where a program has secrets, through the real clients, and ends. Run with `register`. Arguments:
// a JSON file with the canaries of each place, and `naive` for an instrumentation that records everything as it is.
import { readFileSync } from "node:fs";
import Anthropic from "@anthropic-ai/sdk";
import { context, propagation } from "@opentelemetry/api";
import OpenAI from "openai";
import { agent, chat, conversation, onCall, tool, workflow } from "../../../src/index.ts";
import { type ScriptedProvider, scriptedProvider } from "../../../src/testing/index.ts";
import { recordWhole } from "../../naive/canaries-recorded-whole.ts";

type Plant = (text: string) => unknown;

const [file = "", how] = process.argv.slice(2);
const canaries = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, readonly string[]>>;
const capture = process.env["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] !== undefined;

await using provider: ScriptedProvider = await scriptedProvider({ respond: () => ({ text: "fine" }) });
const openai = openAiAt(provider.openaiBaseUrl);
const anthropic = new Anthropic({ apiKey: "sk-ant-test", baseURL: provider.anthropicBaseUrl, maxRetries: 0 });

function openAiAt(baseURL: string, headers: Readonly<Record<string, string>> = {}): OpenAI {
  return new OpenAI({ apiKey: "sk-test", baseURL, maxRetries: 0, defaultHeaders: headers });
}

const ask = (content: string, more: object = {}, client = openai) =>
  client.chat.completions.create({ model: "gpt-4o-mini", messages: [{ role: "user", content }], ...more });
const drain = async (stream: AsyncIterable<unknown>) => {
  for await (const _ of stream);
};
const fails = (error: unknown) => (): never => {
  throw error;
};
/** What a header may hold. */
const headerText = (text: string) => text.replace(/[^\x20-\x7e]/g, " ");
const toolCall = (text: string) => ({
  toolCalls: [{ id: "call_1", name: "search", arguments: { query: text } }],
});

const PLANTS: Readonly<Record<string, Plant>> = {
  prompt: (text) => ask(text),
  "prompt of a stream": async (text) =>
    drain(
      await openai.chat.completions.create({
        model: "gpt-4o-mini",
        messages: [{ role: "user", content: text }],
        stream: true,
      }),
    ),
  "system prompt": (text) => ask("hi", { messages: [{ role: "system", content: text }] }),
  "input of a response": (text) =>
    openai.responses.create({ model: "gpt-5", input: "hi", instructions: text }),
  "message to Anthropic": (text) =>
    anthropic.messages.create({
      model: "claude-sonnet-5",
      max_tokens: 9,
      system: text,
      messages: [{ role: "user", content: text }],
    }),
  "text to embed": (text) => openai.embeddings.create({ model: "text-embedding-3-small", input: text }),
  "user and metadata": (text) => ask("hi", { user: text, metadata: { note: text.slice(0, 500) } }),
  answer: (text) => {
    provider.queue({ text });
    return ask("hi");
  },
  "answer of a stream": async (text) => {
    provider.queue({ text, chunks: 3 });
    await drain(
      await openai.chat.completions.create({
        model: "gpt-4o-mini",
        messages: [{ role: "user", content: "hi" }],
        stream: true,
      }),
    );
  },
  "arguments of a tool call": (text) => {
    provider.queue(toolCall(text));
    return ask("hi");
  },
  "result of a tool in a prompt": (text) =>
    ask("hi", {
      messages: [
        {
          role: "assistant",
          tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }],
        },
        { role: "tool", tool_call_id: "c", content: text },
      ],
    }),
  "definition of a tool": (text) =>
    ask("hi", { tools: [{ type: "function", function: { name: "f", description: text, parameters: {} } }] }),
  "argument of a tool": (text) => tool("search", (query: string) => query.length, { capture })(text),
  "result of a tool": (text) => tool("read", () => ({ rows: [{ text }] }), { capture })(),
  "input of an agent": (text) =>
    agent("writer", async (input: { text: string }) => input.text.length, { capture })({ text }),
  "output of an agent": (text) => agent("writer", async () => text, { capture })(),
  "text told to chat()": (text) =>
    chat({ provider: "openai", model: "m" }, (call) => {
      call.input(text);
      call.output([{ role: "assistant", content: text }]);
    }),
  "error of the provider": (text) => {
    provider.queue({ fail: { status: 401, message: `Incorrect API key provided: ${text}` } });
    return ask("hi");
  },
  "error of Anthropic": (text) => {
    provider.queue({ fail: { status: 400, message: text } });
    return anthropic.messages.create({
      model: "claude-sonnet-5",
      max_tokens: 9,
      messages: [{ role: "user", content: "hi" }],
    });
  },
  "error in a stream": async (text) => {
    provider.queue({ text: "abc", chunks: 3, fail: { status: 500, message: text, afterChunks: 1 } });
    await drain(
      await anthropic.messages.create({
        model: "claude-sonnet-5",
        max_tokens: 9,
        messages: [{ role: "user", content: "hi" }],
        stream: true,
      }),
    );
  },
  "error of a tool": (text) => tool("search", fails(new Error(`cannot search: ${text}`)))(),
  "error of an agent": (text) => agent("writer", fails(new TypeError(text)))(),
  "error of a workflow": (text) => workflow("release", fails(new Error(text)))(),
  "text that is thrown": (text) => chat({ provider: "openai", model: "m" }, fails(text)),
  "cause of an error": (text) =>
    chat({ provider: "openai", model: "m" }, fails(new Error("no", { cause: new Error(text) }))),
  "cause of a cause": (text) => {
    const cause = new Error("b", { cause: { response: { body: text } } });
    return agent("writer", fails(new Error("a", { cause })))();
  },
  "errors of an AggregateError": (text) =>
    chat(
      { provider: "openai", model: "m" },
      fails(new AggregateError([new Error(text)], `all failed: ${text}`)),
    ),
  "headers of an error": (text) =>
    chat(
      { provider: "openai", model: "m" },
      fails(Object.assign(new Error("403"), { headers: { authorization: text }, config: { url: text } })),
    ),
  "name and code of an error": (text) =>
    chat(
      { provider: "openai", model: "m" },
      fails(Object.assign(new Error("no"), { name: text, code: text })),
    ),
  "stack of an error": (text) => {
    const error = new Error("no");
    error.stack = `Error: no\n    at load (https://host.test/app.js:1:1)\n    with ${text}`;
    return chat({ provider: "openai", model: "m" }, fails(error));
  },
  "long message, at its cut": (text) =>
    chat({ provider: "openai", model: "m" }, fails(new Error(`${"long ".repeat(47)}${text}`))),
  "query of the base URL": (text) =>
    ask("hi", {}, openAiAt(`http://127.0.0.1:1/v1?note=${encodeURIComponent(text)}`)),
  "message with the URL of a request": (text) =>
    tool("fetch", () => fetch(`http://127.0.0.1:1/?note=${encodeURIComponent(text)}`))(),
  "headers of a client": (text) =>
    ask("hi", {}, openAiAt(provider.openaiBaseUrl, { "x-note": headerText(text) })),
  baggage: (text) => {
    const baggage = propagation.createBaggage({ note: { value: text } });
    return context.with(propagation.setBaggage(context.active(), baggage), () => ask("hi"));
  },
  "reason of an abort": (text) => {
    const abort = new AbortController();
    abort.abort(new Error(text));
    return openai.chat.completions.create(
      { model: "gpt-4o-mini", messages: [{ role: "user", content: "hi" }] },
      { signal: abort.signal },
    );
  },
  "error of a listener": (text) => {
    const stop = onCall(fails(Object.assign(new Error(text), { headers: { cookie: text } })));
    try {
      return agent("writer", () => 1)();
    } finally {
      stop();
    }
  },
};

for (const [place, texts] of Object.entries(canaries)) {
  const plant = PLANTS[place];
  if (plant === undefined) throw new Error(`no such place: ${place}`);
  for (const text of texts) {
    await conversation("conversation-1", async () => {
      let failure: unknown;
      try {
        await plant(text);
      } catch (error) {
        failure = error;
      }
      if (how === "naive") recordWhole(place, text, failure);
    });
  }
}
console.log(JSON.stringify({ places: Object.keys(PLANTS) }));
