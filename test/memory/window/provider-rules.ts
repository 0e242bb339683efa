import type { ChatMessage } from "../../../src/memory/window-memory.ts";

// What the providers refuse, from their own documents and errors, with one exception of ours: the last call may be without its results,
// as these may not have come yet.

type Block = { readonly type: string; readonly id?: string; readonly tool_use_id?: string };
type OpenAiMessage = ChatMessage & {
  readonly tool_calls?: readonly { readonly id: string }[];
  readonly tool_call_id?: string;
};

/**
 * "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'"; "messages with role 'tool'
 * must be a response to a preceding message with 'tool_calls'".
 *
 * @returns What is wrong, one line each.
 */
export function openAiFaults(messages: readonly ChatMessage[]): readonly string[] {
  const faults: string[] = [];
  let open: string[] = [];
  for (const [i, message] of (messages as readonly OpenAiMessage[]).entries()) {
    if (message.role === "tool") {
      const id = message.tool_call_id ?? "";
      if (!open.includes(id)) faults.push(`${i}: a result without its call`);
      open = open.filter((each) => each !== id);
      continue;
    }
    if (open.length > 0) faults.push(`${i}: calls without results before it`);
    open = message.role === "assistant" ? (message.tool_calls ?? []).map(({ id }) => id) : [];
  }
  return faults;
}

/**
 * "Consecutive user or assistant turns in your request will be combined into a single turn"; the first turn is the user's; "each tool_use
 * block must have a corresponding tool_result block in the next message", "each tool_result block must have a corresponding tool_use block
 * in the previous message", and only one; results come first in their turn.
 */
export function anthropicFaults(messages: readonly ChatMessage[]): readonly string[] {
  const turns = combined(messages);
  const faults: string[] = [];
  if (turns.find(({ role }) => role !== "system")?.role === "assistant") faults.push("0: not the user's");
  for (const [i, { role, blocks }] of turns.entries()) {
    const before = turns[i - 1];
    const calls = before?.role === "assistant" ? idsOf(before.blocks, "tool_use") : [];
    const results = role === "user" ? blocks.flatMap((block) => block.tool_use_id ?? []) : [];
    const isLast = i === turns.length - 1;
    if (results.some((id) => !calls.includes(id))) faults.push(`${i}: a result without its call`);
    if (new Set(results).size < results.length) faults.push(`${i}: two results of one call`);
    if (calls.some((id) => !results.includes(id)) && !(isLast && blocks.length === results.length))
      faults.push(`${i}: calls without results before it`);
    const firstOther = blocks.findIndex(({ type }) => type !== "tool_result");
    if (firstOther >= 0 && blocks.slice(firstOther).some(({ type }) => type === "tool_result"))
      faults.push(`${i}: results after something else`);
    const own = role === "assistant" ? idsOf(blocks, "tool_use") : [];
    if (new Set(own).size < own.length) faults.push(`${i}: two calls of one id`);
  }
  return faults;
}

function combined(messages: readonly ChatMessage[]) {
  const turns: { readonly role: string; readonly blocks: Block[] }[] = [];
  for (const { role, content } of messages) {
    const blocks = typeof content === "string" ? [{ type: "text" }] : (content as readonly Block[]);
    const last = turns.at(-1);
    if (last?.role === role && role !== "system") last.blocks.push(...blocks);
    else turns.push({ role, blocks: [...blocks] });
  }
  return turns;
}

function idsOf(blocks: readonly Block[], type: string): readonly string[] {
  return blocks.flatMap((block) => (block.type === type && block.id !== undefined ? [block.id] : []));
}
