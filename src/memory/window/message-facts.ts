import type { ChatFormat, ChatMessage, MessageFacts } from "./chat-message.ts";

const PARTS = new Map<unknown, MessageFacts["part"]>([
  ["system", "system"],
  ["developer", "system"],
  ["user", "user"],
  ["assistant", "assistant"],
  ["tool", "result"],
]);
/** Types of content parts that only one of them knows. */
const FORMATS = new Map<unknown, ChatFormat>([
  ["image_url", "openai"],
  ["input_audio", "openai"],
  ["file", "openai"],
  ["refusal", "openai"],
  ["tool_use", "anthropic"],
  ["tool_result", "anthropic"],
  ["thinking", "anthropic"],
  ["redacted_thinking", "anthropic"],
  ["image", "anthropic"],
  ["document", "anthropic"],
  ["server_tool_use", "anthropic"],
]);

type Fields = Readonly<Record<string, unknown>>;

/**
 * Looks at one message.
 *
 * @param where What it is called in errors, as `windowMemory: messages[2]`.
 * @throws TypeError that names the bad part.
 */
export function messageFacts(where: string, message: unknown): MessageFacts {
  if (!isObject(message)) throw new TypeError(`${where} must be a message, got ${kindOf(message)}`);
  const part = PARTS.get(message["role"]);
  if (part === undefined)
    throw new TypeError(
      `${where}.role must be system, developer, user, assistant or tool, got ${shown(message["role"])}`,
    );
  const blocks = blocksOf(where, message["content"]);
  const calls = [...toolCalls(where, message), ...idsOf(where, blocks, "tool_use", "id")];
  const answers = idsOf(where, blocks, "tool_result", "tool_use_id");
  if (answers.length > 0 && part !== "user")
    throw new TypeError(`${where}: a tool_result must stand in a message of the user, got ${part}`);
  if (calls.length > 0 && part !== "assistant")
    throw new TypeError(`${where}: a tool call must stand in a message of the assistant, got ${part}`);
  const results =
    part === "result" ? [idOf(`${where}.tool_call_id`, message["tool_call_id"]), ...answers] : answers;
  const others = blocks.findIndex(({ type }) => type !== "tool_result");
  return {
    part: results.length > 0 ? "result" : part,
    calls,
    results,
    isMixed: answers.length > 0 && others >= 0,
    isSound: isSound(blocks, others) && isUnique(calls) && isUnique(results),
    format: formatOf(where, message, blocks),
  };
}

/** Anthropic: results come first, anything else after them. */
function isSound(blocks: readonly Fields[], others: number): boolean {
  return others < 0 || !blocks.slice(others).some(({ type }) => type === "tool_result");
}

function isUnique(ids: readonly string[]): boolean {
  return new Set(ids).size === ids.length;
}

function formatOf(where: string, message: Fields, blocks: readonly Fields[]): ChatFormat | undefined {
  const { role, tool_calls: calls } = message;
  const found = new Set(blocks.flatMap(({ type }) => FORMATS.get(type) ?? []));
  if (role === "tool" || role === "developer" || Array.isArray(calls)) found.add("openai");
  if (found.size > 1) throw new TypeError(`${where} has parts of both OpenAI's and Anthropic's format`);
  return [...found][0];
}

function toolCalls(where: string, { tool_calls: calls }: Fields): readonly string[] {
  if (calls === undefined || calls === null) return [];
  if (!Array.isArray(calls)) throw new TypeError(`${where}.tool_calls must be a list, got ${kindOf(calls)}`);
  return calls.map((call: unknown, i) =>
    idOf(`${where}.tool_calls[${i}].id`, isObject(call) ? call["id"] : undefined),
  );
}

function blocksOf(where: string, content: unknown): readonly Fields[] {
  if (content === undefined || content === null || typeof content === "string") return [];
  if (!Array.isArray(content))
    throw new TypeError(`${where}.content must be a string or a list of parts, got ${kindOf(content)}`);
  return content.map((block: unknown, i) => {
    if (isObject(block) && typeof block["type"] === "string") return block;
    throw new TypeError(`${where}.content[${i}] must be an object with a type, got ${kindOf(block)}`);
  });
}

function idsOf(where: string, blocks: readonly Fields[], type: string, field: string): readonly string[] {
  return blocks.flatMap((block, i) =>
    block["type"] === type ? [idOf(`${where}.content[${i}].${field}`, block[field])] : [],
  );
}

function idOf(where: string, id: unknown): string {
  if (typeof id === "string" && id !== "") return id;
  throw new TypeError(`${where} must be a string that is not empty, got ${shown(id)}`);
}

function isObject(value: unknown): value is Fields & ChatMessage {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : typeof value;
}

/** Never content: only what stands where a name should. */
function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value.slice(0, 64)) : kindOf(value);
}
