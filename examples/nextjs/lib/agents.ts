import { agent, observe } from "agent-otel";
import OpenAI from "openai";

// When first needed: Next.js loads this file at build time too, where there is no key.
let client: OpenAI | undefined;

function openai(): OpenAI {
  // The key and, for a gateway, OPENAI_BASE_URL come from the environment.
  client ??= observe(new OpenAI());
  return client;
}

export const research = agent("researcher", async (topic: string): Promise<string> => {
  const answer = await openai().chat.completions.create({
    model: "gpt-5",
    messages: [{ role: "user", content: `Three facts about ${topic}` }],
  });
  return answer.choices[0]?.message.content ?? "";
});

/** Streams its answer: the span lasts until the reader has all of it, or leaves. */
export const write = agent("writer", async function* (topic: string): AsyncGenerator<string> {
  const facts = await research(topic);
  const stream = await openai().chat.completions.create({
    model: "gpt-5-mini",
    stream: true,
    messages: [{ role: "user", content: `A short text from these facts:\n${facts}` }],
  });
  for await (const chunk of stream) yield chunk.choices[0]?.delta.content ?? "";
});
