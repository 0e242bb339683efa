// What the models say where there are none. Each answer is made from what was asked, so that the conversation fits the goal
// and what this machine printed. The token counts are made up, in the sizes of a real run.
import type Anthropic from "@anthropic-ai/sdk";
import type { ScriptedAnswer, ScriptedRequest } from "agent-otel/testing";
import type OpenAI from "openai";

interface Subject {
  readonly word: RegExp;
  readonly command: string;
  readonly key: string;
}

const SUBJECTS: readonly Subject[] = [
  { word: /python/i, command: "python3 --version", key: "python_version" },
  { word: /node/i, command: "node --version", key: "node_version" },
  { word: /npm/i, command: "npm --version", key: "npm_version" },
  { word: /git/i, command: "git --version", key: "git_version" },
  { word: /kernel|system|linux/i, command: "uname -sr", key: "system" },
  { word: /date|time/i, command: "date -u", key: "date" },
];

const SUPERVISOR_USAGE = [
  { input: 2_310, cacheWrite5m: 2_264, output: 268, reasoning: 181 },
  { input: 2_655, cacheRead: 2_264, cacheWrite5m: 348, output: 214, reasoning: 127 },
  { input: 2_936, cacheRead: 2_612, cacheWrite5m: 278, output: 61 },
];
const SHELL_USAGE = [
  { input: 812, output: 21 },
  { input: 858, output: 12 },
];
const MEMORY_USAGE = [
  { input: 1_046, output: 29 },
  { input: 1_097, cacheRead: 1_024, output: 22 },
];

export function scriptedAnswer(request: ScriptedRequest): ScriptedAnswer {
  if (request.protocol === "anthropic.messages") {
    const { messages } = request.body as unknown as Anthropic.MessageCreateParams;
    return inTime(supervise(messages), SUPERVISOR_USAGE[turnOf(messages)]);
  }
  const { messages, tools = [] } = request.body as unknown as OpenAI.ChatCompletionCreateParams;
  const hasShell = tools.some((tool) => tool.type === "function" && tool.function.name === "shell");
  const usage = hasShell ? SHELL_USAGE : MEMORY_USAGE;
  return inTime(hasShell ? useShell(messages) : useMemory(messages), usage[turnOf(messages)]);
}

/** A model needs its time for each token; shortened here, as nobody wants to wait for a script. With 0 it answers at once. */
const pace = Number(process.env["DEMO_PACE"] || 1);

function inTime(answer: ScriptedAnswer, usage: { input: number; output: number } = { input: 0, output: 0 }) {
  return { ...answer, usage, delayMs: pace * (60 + usage.output * 2) };
}

function turnOf(messages: readonly { readonly role: string }[]): number {
  return messages.filter(({ role }) => role === "assistant").length;
}

function supervise(messages: readonly Anthropic.MessageParam[]): ScriptedAnswer {
  const goal = String(messages[0]?.content);
  const subject = SUBJECTS.find(({ word }) => word.test(goal));
  if (subject === undefined) {
    const known = SUBJECTS.map(({ key }) => key.replace("_", " ")).join(", ");
    return { text: `I am a script, and know only: ${known}. With both API keys set, models answer.` };
  }
  const { command, key } = subject;
  const [found] = resultsIn(messages);
  switch (turnOf(messages)) {
    case 0:
      return {
        thinking: `The goal has two parts: find something out, then store it. The shell worker can run ${command}.`,
        toolCalls: [
          { name: "shell_worker", arguments: { task: `Run \`${command}\` and report what it prints.` } },
        ],
      };
    case 1:
      return {
        thinking: `The shell worker reports ${found}. Now the memory worker has to store it.`,
        toolCalls: [{ name: "memory_worker", arguments: { task: `Store "${found}" under the key ${key}.` } }],
      };
    default:
      return { text: `${found} (stored as ${key})` };
  }
}

/** What the workers reported, oldest first. */
function resultsIn(messages: readonly Anthropic.MessageParam[]): string[] {
  return messages
    .flatMap(({ content }) => (typeof content === "string" ? [] : content))
    .flatMap((block) => (block.type === "tool_result" ? [String(block.content)] : []));
}

function useShell(messages: readonly OpenAI.ChatCompletionMessageParam[]): ScriptedAnswer {
  const last = lastText(messages);
  if (turnOf(messages) > 0) return { text: last.replace(/^error: /, "") };
  return { toolCalls: [{ name: "shell", arguments: { command: /`(.+)`/.exec(last)?.[1] ?? last } }] };
}

function useMemory(messages: readonly OpenAI.ChatCompletionMessageParam[]): ScriptedAnswer {
  const last = lastText(messages);
  if (turnOf(messages) > 0) return { text: `Done: ${last}.` };
  const [, value = last, key = "note"] = /"(.*)" under the key (\w+)/s.exec(last) ?? [];
  return { toolCalls: [{ name: "kv_set", arguments: { key, value } }] };
}

function lastText(messages: readonly OpenAI.ChatCompletionMessageParam[]): string {
  return String(messages.at(-1)?.content ?? "");
}
