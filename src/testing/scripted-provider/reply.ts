import type { TokenUsage } from "../../cost/token-usage.ts";
import { type Chunked, chunked } from "./chunked.ts";
import { countInputTokens, countTokens } from "./count-tokens.ts";
import type { ScriptedAnswer, ScriptedFinish } from "./scripted-answer.ts";
import type { ScriptedRequest } from "./scripted-request.ts";

/** An answer with nothing left to decide, still in words of no provider. Wire formats only translate it. */
export interface Reply {
  readonly request: ScriptedRequest;
  readonly id: string;
  readonly model: string;
  /** Milliseconds since the epoch. */
  readonly createdMs: number;
  readonly thinking: Chunked | undefined;
  readonly text: Chunked | undefined;
  readonly toolCalls: readonly ReplyToolCall[];
  readonly finish: ScriptedFinish;
  readonly usage: TokenUsage | undefined;
  readonly wireUsage: Readonly<Record<string, unknown>>;
  readonly embeddings: readonly (readonly number[])[] | undefined;
}

export interface ReplyToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: Chunked;
}

/** Fills in what the answer leaves out. @throws RangeError when the parts of `usage` are more than their whole. */
export function reply(
  request: ScriptedRequest,
  answer: ScriptedAnswer,
  made: { readonly id: string; readonly toolCallPrefix: string; readonly createdMs: number },
): Reply {
  const thinking = answer.thinking === undefined ? undefined : chunked(answer.thinking, chunkCount(answer));
  const text = textOf(answer);
  const toolCalls = (answer.toolCalls ?? []).map((call, index) => ({
    id: call.id ?? `${made.toolCallPrefix}${request.sequence}_${index}`,
    name: call.name,
    arguments: chunked(argumentsText(call.arguments), chunkCount(answer)),
  }));
  const said = [thinking, text, ...toolCalls.map((call) => call.arguments)].map((part) => part?.whole ?? "");
  return {
    request,
    id: answer.id ?? made.id,
    model: answer.model ?? request.model,
    createdMs: made.createdMs,
    thinking,
    text,
    toolCalls,
    finish: answer.finish ?? (toolCalls.length > 0 ? "tool_calls" : "stop"),
    usage: usageOf(request, answer, said),
    wireUsage: answer.wireUsage ?? {},
    embeddings: answer.embeddings,
  };
}

/** How many alternatives a chat completion was asked for. Each of them says the same. */
export function choiceCount(request: ScriptedRequest): number {
  const n = request.body["n"];
  return typeof n === "number" && n > 1 ? Math.floor(n) : 1;
}

function textOf(answer: ScriptedAnswer): Chunked | undefined {
  if (Array.isArray(answer.chunks)) return { whole: answer.chunks.join(""), chunks: answer.chunks };
  const text = answer.text ?? (answer.toolCalls?.length ? undefined : "ok");
  return text === undefined ? undefined : chunked(text, chunkCount(answer));
}

function chunkCount(answer: ScriptedAnswer): number | undefined {
  return typeof answer.chunks === "number" ? answer.chunks : undefined;
}

function argumentsText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "{}");
}

function usageOf(
  request: ScriptedRequest,
  answer: ScriptedAnswer,
  said: readonly string[],
): TokenUsage | undefined {
  if (answer.usage === null) return undefined;
  const reasoning = answer.thinking === undefined ? {} : { reasoning: countTokens(answer.thinking) };
  const usage: TokenUsage = {
    input: countInputTokens(request.body),
    output: outputTokens(request, said),
    // Where the script says how much came out, it also says how much of it was reasoning.
    ...(answer.usage?.output === undefined ? reasoning : {}),
    ...answer.usage,
  };
  checkParts(usage);
  return usage;
}

function outputTokens(request: ScriptedRequest, said: readonly string[]): number {
  return request.protocol === "openai.embeddings" ? 0 : countTokens(...said) * choiceCount(request);
}

function checkParts(usage: TokenUsage): void {
  const { cacheRead = 0, cacheWrite5m = 0, cacheWrite1h = 0, reasoning = 0 } = usage;
  const cached = cacheRead + cacheWrite5m + cacheWrite1h;
  if (cached > usage.input) {
    throw new RangeError(`usage.input must include its ${cached} cached tokens, got ${usage.input}`);
  }
  if (reasoning > usage.output) {
    throw new RangeError(`usage.output must include its ${reasoning} reasoning tokens, got ${usage.output}`);
  }
}
