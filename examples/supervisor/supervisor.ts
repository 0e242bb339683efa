import type Anthropic from "@anthropic-ai/sdk";
import { agent, type RateLimiter, safeRun } from "agent-otel";
import { log, quoted } from "./logger.ts";
import type { Worker } from "./worker.ts";

// What took the place of claude-3-7-sonnet-20250219, which is retired, at the same price. Of the newer Sonnets it is the one
// that takes a fixed thinking budget without a warning of deprecation from the client.
const MODEL = "claude-sonnet-4-6";

export interface SupervisorOptions {
  readonly name: string;
  readonly systemPrompt: string;
  readonly workers: readonly Worker[];
  /** Tokens that it may think for, in each of its answers. */
  readonly thinkingBudget: number;
  readonly anthropic: Anthropic;
  readonly limiter: RateLimiter;
}

/** An agent that thinks, lets its workers work, and answers. The workers are the tools of the model. */
export function makeSupervisor(options: SupervisorOptions): (goal: string) => Promise<string> {
  const tools = options.workers.map(({ name }) => name);
  return agent(options.name, (goal: string) => reach(goal, options), {
    description: options.systemPrompt,
    tools,
  });
}

async function reach(goal: string, options: SupervisorOptions): Promise<string> {
  log.info(`starting task ${quoted(goal)}`);
  const messages: Anthropic.MessageParam[] = [{ role: "user", content: goal }];
  // Ends with an answer, or with the limit on iterations that the request runs under.
  for (;;) {
    await options.limiter.acquire();
    const { content } = await think(messages, options);
    const uses = content.filter((block) => block.type === "tool_use");
    if (uses.length === 0) return textOf(content);
    // The whole content: Claude wants its thinking back together with the tool calls that came of it.
    messages.push({ role: "assistant", content });
    const results = await Promise.all(uses.map((use) => delegate(use, options.workers)));
    messages.push({ role: "user", content: results });
  }
}

function think(
  messages: Anthropic.MessageParam[],
  { systemPrompt, workers, thinkingBudget, anthropic }: SupervisorOptions,
): Promise<Anthropic.Message> {
  return anthropic.messages.create({
    model: MODEL,
    max_tokens: thinkingBudget + 4_000,
    thinking: { type: "enabled", budget_tokens: thinkingBudget },
    cache_control: { type: "ephemeral" },
    system: systemPrompt,
    tools: workers.map(asTool),
    messages,
  });
}

async function delegate(
  { id, name, input }: Anthropic.ToolUseBlock,
  workers: readonly Worker[],
): Promise<Anthropic.ToolResultBlockParam> {
  const worker = workers.find((each) => each.name === name);
  const task = (input as { task?: unknown }).task;
  const content =
    worker === undefined || typeof task !== "string"
      ? `error: there is no worker ${name} that takes this`
      : // A worker that fails or hangs costs its answer, not the request: the supervisor reads the fallback and decides.
        await safeRun((signal) => worker.run(task, signal));
  return { type: "tool_result", tool_use_id: id, content };
}

function asTool({ name, description }: Worker): Anthropic.Tool {
  return {
    name,
    description: `Delegates a task to ${name}. ${description}`,
    input_schema: {
      type: "object",
      properties: { task: { type: "string", description: "All that the worker needs to know." } },
      required: ["task"],
    },
  };
}

function textOf(content: readonly Anthropic.ContentBlock[]): string {
  return content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n");
}
