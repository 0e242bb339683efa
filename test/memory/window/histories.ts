import fc from "fast-check";
import type { ChatFormat, ChatMessage } from "../../../src/memory/window-memory.ts";

/** What may happen in a conversation. Numbers choose sizes and orders. */
export type Move =
  | { readonly kind: "user" | "assistant" | "system"; readonly chars: number }
  | {
      readonly kind: "tools";
      readonly calls: number;
      readonly chars: number;
      /** What goes wrong with the results. */
      readonly fault: "none" | "missing" | "shuffled" | "twice" | "interrupted";
      /** Anthropic: all results in one message, each in one, or with a text after or before them. */
      readonly shape: "one" | "each" | "text after" | "text before";
    }
  | { readonly kind: "stray" };

const chars = fc.oneof(
  { weight: 20, arbitrary: fc.nat({ max: 60 }) },
  { weight: 4, arbitrary: fc.nat({ max: 600 }) },
  { weight: 1, arbitrary: fc.integer({ min: 5_000, max: 50_000 }) },
);

const tools = fc.record({
  kind: fc.constant("tools" as const),
  calls: fc.integer({ min: 1, max: 4 }),
  chars,
  fault: fc.oneof(
    { weight: 6, arbitrary: fc.constant("none" as const) },
    { weight: 3, arbitrary: fc.constantFrom("missing" as const, "shuffled", "twice", "interrupted") },
  ),
  shape: fc.constantFrom("one" as const, "each", "text after", "text before"),
});

export const moves: fc.Arbitrary<readonly Move[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant("user" as const), chars }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("assistant" as const), chars }) },
    { weight: 5, arbitrary: tools },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("system" as const), chars: fc.nat({ max: 20 }) }) },
    { weight: 1, arbitrary: fc.constant({ kind: "stray" as const }) },
  ),
  { maxLength: 30, size: "max" },
);

/** The same moves without anything that a provider would not take from anybody. */
export const soundMoves: fc.Arbitrary<readonly Move[]> = moves.map((all) =>
  all
    .filter(({ kind }) => kind !== "stray")
    .map((move) => (move.kind === "tools" ? { ...move, fault: "none", shape: "one" } : move)),
);

/** Messages of the moves, in the format; every text is another one. */
export function historyOf(all: readonly Move[], format: ChatFormat): readonly ChatMessage[] {
  return all.flatMap((move, i) => (format === "openai" ? openAi(move, i) : anthropic(move, i)));
}

function openAi(move: Move, at: number): readonly ChatMessage[] {
  if (move.kind === "stray")
    return [{ role: "tool", tool_call_id: `call ${at} stray`, content: "late" } as ChatMessage];
  if (move.kind !== "tools") return [{ role: move.kind, content: text(move.chars, at) }];
  const ids = idsOf(move, at);
  const call = {
    role: "assistant",
    content: null,
    tool_calls: ids.map((id) => ({ id, type: "function", function: { name: "search", arguments: "{}" } })),
  };
  const results = answered(ids, move.fault).map((id) =>
    id === "user"
      ? { role: "user", content: "wait" }
      : { role: "tool", tool_call_id: id, content: text(move.chars, at) },
  );
  return [call, ...results];
}

function anthropic(move: Move, at: number): readonly ChatMessage[] {
  if (move.kind === "stray")
    return [
      { role: "user", content: [{ type: "tool_result", tool_use_id: `call ${at} stray`, content: "late" }] },
    ];
  if (move.kind !== "tools") return [{ role: move.kind, content: text(move.chars, at) }];
  const ids = idsOf(move, at);
  const call = {
    role: "assistant",
    content: [
      { type: "text", text: "let me look" },
      ...ids.map((id) => ({ type: "tool_use", id, name: "search", input: { at } })),
    ],
  };
  const told = answered(ids, move.fault);
  const block = (id: string): object =>
    id === "user"
      ? { type: "text", text: "wait" }
      : { type: "tool_result", tool_use_id: id, content: text(move.chars, at) };
  if (move.shape === "each" || move.fault === "interrupted")
    return [call, ...told.map((id) => ({ role: "user", content: id === "user" ? "wait" : [block(id)] }))];
  const said = { type: "text", text: "and hurry" };
  const content = told.map(block);
  if (move.shape === "text after") content.push(said);
  if (move.shape === "text before") content.unshift(said);
  return content.length === 0 ? [call] : [call, { role: "user", content }];
}

function idsOf({ calls }: { readonly calls: number }, at: number): readonly string[] {
  return Array.from({ length: calls }, (_, i) => `call ${at}.${i}`);
}

/** Ids of results in the order in which they come; "user": somebody says something in between. */
function answered(ids: readonly string[], fault: (Move & { kind: "tools" })["fault"]): readonly string[] {
  if (fault === "missing") return ids.slice(1);
  if (fault === "shuffled") return ids.toReversed();
  if (fault === "twice") return [...ids, ids[0]!];
  if (fault === "interrupted") return [...ids.slice(0, -1), "user", ids.at(-1)!];
  return ids;
}

function text(chars: number, at: number): string {
  return `${at} ${"x".repeat(chars)}`;
}
