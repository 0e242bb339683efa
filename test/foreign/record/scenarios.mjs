// What every library is asked to watch, with answers whose tokens are known.
const OPENAI_USAGE = { input: 1_000, output: 50, cacheRead: 600, reasoning: 30 };
const ANTHROPIC_USAGE = { input: 1_000, output: 50, cacheRead: 600, cacheWrite5m: 300 };

export function answer(request) {
  if (request.path.includes("messages")) return { usage: ANTHROPIC_USAGE };
  if (request.path.includes("embeddings")) return { usage: { input: 200 } };
  return { usage: OPENAI_USAGE };
}

const messages = [{ role: "user", content: "What is new?" }];
const chat = { model: "gpt-4o-mini", messages };
const tools = [{ type: "function", function: { name: "search", parameters: { type: "object" } } }];

/** Ten calls of OpenAI's client; the last one fails. */
export async function askOpenAi(client, provider) {
  await client.chat.completions.create(chat);
  await readAll(
    client.chat.completions.create({ ...chat, stream: true, stream_options: { include_usage: true } }),
  );
  await readAll(client.chat.completions.create({ ...chat, stream: true }));
  provider.queue({ usage: OPENAI_USAGE, toolCalls: [{ name: "search", arguments: { q: "news" } }] });
  await client.chat.completions.create({ ...chat, tools });
  await client.responses.create({ model: "gpt-5", input: "What is new?" });
  await readAll(client.responses.create({ model: "gpt-5", input: "What is new?", stream: true }));
  await client.embeddings.create({ model: "text-embedding-3-small", input: "What is new?" });
  provider.queue({ usage: { input: 20, output: 5 } });
  await client.chat.completions.create({ ...chat, model: "o3" });
  provider.queue({ usage: null });
  // An answer without usage is too much for some.
  await client.chat.completions.create(chat).catch(() => {});
  provider.queue({ fail: { status: 401 } });
  await client.chat.completions.create(chat).catch(() => {});
}

/** Six calls of Anthropic's client; the last one fails. */
export async function askAnthropic(client, provider) {
  const request = { model: "claude-sonnet-5", max_tokens: 64, messages };
  await client.messages.create(request);
  await readAll(client.messages.create({ ...request, stream: true }));
  provider.queue({ usage: { input: 20, output: 5 } });
  await client.messages.create(request);
  provider.queue({ usage: ANTHROPIC_USAGE, toolCalls: [{ name: "search", arguments: { q: "news" } }] });
  await client.messages.create({ ...request, tools: [{ name: "search", input_schema: { type: "object" } }] });
  provider.queue({ usage: { input: 1_000, output: 50, cacheWrite1h: 200 } });
  await client.messages.create(request);
  provider.queue({ fail: { status: 401 } });
  await client.messages.create(request).catch(() => {});
}

export async function readAll(stream) {
  for await (const _ of await stream);
}
