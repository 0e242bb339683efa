// A program as users bundle it: two agents and both clients. Arguments: whether it starts the SDK itself, and how calls are told of.
import Anthropic from "@anthropic-ai/sdk";
import { agent, chat, observe } from "agent-otel";
import { start } from "agent-otel/start";
import OpenAI from "openai";

const ways = process.argv.slice(2);
if (ways.includes("start")) start();
const url = process.env["PROVIDER_URL"] ?? "";
const openai = new OpenAI({ apiKey: "sk-test", baseURL: `${url}/v1`, maxRetries: 0 });
const anthropic = new Anthropic({ apiKey: "sk-ant-test", baseURL: url, maxRetries: 0 });
if (ways.includes("observe")) for (const client of [openai, anthropic]) observe(client);

const messages = [{ role: "user" as const, content: "otters" }];
const research = agent("researcher", async () => {
  const body = { model: "claude-sonnet-5", max_tokens: 64, messages };
  if (!ways.includes("chat")) return anthropic.messages.create(body);
  return chat({ provider: "anthropic", model: body.model }, async (recorder) => {
    const answer = await anthropic.messages.create(body);
    recorder.usage({ input: answer.usage.input_tokens, output: answer.usage.output_tokens });
    return answer;
  });
});
const write = agent("writer", async () => {
  await research();
  let text = "";
  if (ways.includes("chat")) return text;
  const stream = await openai.chat.completions.create({ model: "gpt-5", stream: true, messages });
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
  return text;
});
await write();
