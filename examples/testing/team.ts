import { agent, tool } from "agent-otel";
import type OpenAI from "openai";

const MODEL = "gpt-4o-mini";

const TOOLS: OpenAI.ChatCompletionFunctionTool[] = [
  {
    type: "function",
    function: {
      name: "search",
      description: "Finds facts.",
      parameters: { type: "object", properties: { query: { type: "string" } }, required: ["query"] },
    },
  },
];

/** A supervisor that lets one agent find facts and another one write. The program that is tested here. */
export function makeTeam(openai: OpenAI) {
  const search = tool("search", async (query: string) => `Facts about ${query}: they hold hands.`);

  const research = agent("researcher", async (topic: string): Promise<string> => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [
      { role: "system", content: "Find facts. Use search." },
      { role: "user", content: topic },
    ];
    for (;;) {
      const { choices } = await openai.chat.completions.create({ model: MODEL, messages, tools: TOOLS });
      const message = choices[0]?.message;
      if (message?.tool_calls === undefined) return message?.content ?? "";
      messages.push(message);
      for (const call of message.tool_calls) {
        if (call.type !== "function") continue;
        if (call.function.name !== "search") throw new Error(`there is no tool ${call.function.name}`);
        const { query } = JSON.parse(call.function.arguments) as { query: string };
        messages.push({ role: "tool", tool_call_id: call.id, content: await search(query) });
      }
    }
  });

  const write = agent("writer", async (facts: string): Promise<string> => {
    const { choices } = await openai.chat.completions.create({
      model: MODEL,
      messages: [
        { role: "system", content: "Write one sentence." },
        { role: "user", content: facts },
      ],
    });
    return choices[0]?.message.content ?? "";
  });

  return agent("supervisor", async (topic: string) => write(await research(topic)));
}
