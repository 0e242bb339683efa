import { agent, type RateLimiter } from "agent-otel";
import type OpenAI from "openai";
import { log, quoted } from "./logger.ts";
import { runTool } from "./run-tool.ts";
import type { WorkerTool } from "./tools.ts";

const MODEL = "gpt-4o-mini";

export interface Worker {
  readonly name: string;
  readonly description: string;
  run(task: string, signal: AbortSignal): Promise<string>;
}

export interface WorkerOptions {
  readonly name: string;
  readonly systemPrompt: string;
  /** Only those that it needs: a tight list makes a predictable agent. */
  readonly tools: readonly WorkerTool[];
  readonly openai: OpenAI;
  readonly limiter: RateLimiter;
}

/** An agent that calls its tools until the model has an answer. */
export function makeWorker(options: WorkerOptions): Worker {
  const { name, systemPrompt } = options;
  const tools = options.tools.map((tool) => tool.name);
  const run = (task: string, signal: AbortSignal) => work(task, signal, options);
  return { name, description: systemPrompt, run: agent(name, run, { description: systemPrompt, tools }) };
}

async function work(task: string, signal: AbortSignal, options: WorkerOptions): Promise<string> {
  log.info(`starting task ${quoted(task)}`);
  const messages: OpenAI.ChatCompletionMessageParam[] = [
    { role: "system", content: options.systemPrompt },
    { role: "user", content: task },
  ];
  // Ends with an answer, or with the limit on iterations that the request runs under.
  for (;;) {
    await options.limiter.acquire({}, signal);
    const request = { model: MODEL, messages, tools: options.tools.map(asFunction) };
    const { choices } = await options.openai.chat.completions.create(request, { signal });
    const message = choices[0]!.message;
    const calls = message.tool_calls ?? [];
    if (calls.length === 0) return message.content ?? "";
    messages.push(message, ...(await Promise.all(calls.map((call) => answer(call, options.tools, signal)))));
  }
}

async function answer(
  call: OpenAI.ChatCompletionMessageToolCall,
  tools: readonly WorkerTool[],
  signal: AbortSignal,
): Promise<OpenAI.ChatCompletionToolMessageParam> {
  const content =
    call.type === "function"
      ? await runTool(tools, call.function.name, call.function.arguments, signal)
      : "error: there are only functions here";
  return { role: "tool", tool_call_id: call.id, content };
}

function asFunction({ name, description, parameters }: WorkerTool): OpenAI.ChatCompletionFunctionTool {
  const schema = { type: "object", properties: parameters, required: Object.keys(parameters) };
  return { type: "function", function: { name, description, parameters: schema } };
}
