import type Anthropic from "@anthropic-ai/sdk";
import { expect, it } from "vitest";
import {
  type ScriptedAnswer,
  type ScriptedRequest,
  scriptedProvider,
} from "../../src/testing/scripted-provider.ts";
import { anthropicFor, messageRequest, openaiFor } from "./clients.ts";

/** A supervisor that thinks and delegates to both workers at once; workers that use one tool and report. */
function play(request: ScriptedRequest): ScriptedAnswer {
  const said = JSON.stringify(request.body);
  if (request.protocol === "anthropic.messages") {
    if (said.includes("tool_result")) return { text: "Python 3.13 is stored." };
    const ask = (name: string) => ({ name, arguments: { task: "do your part" } });
    return { thinking: "Two parts.", toolCalls: [ask("shell_worker"), ask("memory_worker")] };
  }
  if (said.includes("tool_call_id")) return { text: "done" };
  return { toolCalls: [{ name: said.includes("shell commands") ? "shell" : "kv_set", arguments: {} }] };
}

it("plays a Claude supervisor with thinking that delegates by tools to two OpenAI workers", async () => {
  await using provider = await scriptedProvider({ respond: play });
  const openai = openaiFor(provider);
  const anthropic = anthropicFor(provider);

  async function worker(system: string): Promise<string> {
    const ask = { role: "system" as const, content: system };
    const first = await openai.chat.completions.create({ model: "gpt-4o-mini", messages: [ask] });
    const asked = first.choices[0]!.message;
    const results = (asked.tool_calls ?? []).map((call) => ({
      role: "tool" as const,
      tool_call_id: call.id,
      content: "3.13",
    }));
    const messages = [ask, asked, ...results];
    const last = await openai.chat.completions.create({ model: "gpt-4o-mini", messages });
    return last.choices[0]!.message.content ?? "";
  }

  const prompts: Readonly<Record<string, string>> = {
    shell_worker: "Execute shell commands concisely.",
    memory_worker: "Store and retrieve data.",
  };
  const delegated = await anthropic.messages.create(messageRequest);
  const uses = delegated.content.filter((block) => block.type === "tool_use");
  const content: Anthropic.ToolResultBlockParam[] = await Promise.all(
    uses.map(async (use) => ({
      type: "tool_result",
      tool_use_id: use.id,
      content: await worker(prompts[use.name]!),
    })),
  );
  const final = await anthropic.messages.create({
    ...messageRequest,
    messages: [
      ...messageRequest.messages,
      { role: "assistant", content: delegated.content },
      { role: "user", content },
    ],
  });
  expect(final.content).toMatchObject([{ type: "text", text: "Python 3.13 is stored." }]);
  expect(provider.requests.map((request) => request.model)).toEqual([
    "claude-sonnet-5",
    ...Array(4).fill("gpt-4o-mini"),
    "claude-sonnet-5",
  ]);
});
