// An orchestrator that plans a task, has each part done by the agent for it, and puts the results together.
import { agent } from "agent-otel";
import type OpenAI from "openai";

const MODEL = "gpt-4o-mini";
/** Known beforehand, so that the budget knows the most that a call may cost. */
const MAX_TOKENS = 1_000;

/** @returns Does one task; the signal ends its model calls. */
export function makeOrchestrator(openai: OpenAI): (task: string, signal?: AbortSignal) => Promise<string> {
  const ask = async (system: string, content: string, signal?: AbortSignal): Promise<string> => {
    const messages = [
      { role: "system" as const, content: system },
      { role: "user" as const, content },
    ];
    const request = { model: MODEL, max_completion_tokens: MAX_TOKENS, messages };
    const { choices } = await openai.chat.completions.create(request, signal ? { signal } : {});
    return choices[0]?.message.content ?? "";
  };
  const coder = agent("coder", (task: string, signal?: AbortSignal) =>
    ask("Write the code that is asked for.", task, signal),
  );
  const researcher = agent("researcher", (task: string, signal?: AbortSignal) =>
    ask("Say what is known.", task, signal),
  );
  const generalist = agent("generalist", (task: string, signal?: AbortSignal) =>
    ask("Answer shortly.", task, signal),
  );

  const agentFor = (task: string) => {
    if (/\bcode\b/i.test(task)) return coder;
    return /\bresearch\b/i.test(task) ? researcher : generalist;
  };
  return agent("orchestrator", async (task: string, signal?: AbortSignal) => {
    const result = await agentFor(task)(task, signal);
    return ask("Check this answer, and give it in its final form.", result, signal);
  });
}
