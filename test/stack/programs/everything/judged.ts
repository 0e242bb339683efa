import { recordEvaluation, toolGuard } from "agent-otel";
import type { Bookkeeper } from "./books.ts";

/** Calls that a model makes when it has not read what its tools are. */
const MISTAKES = [
  { name: "serch", arguments: "{}" },
  { name: "search", arguments: '{"query": 7}' },
  { name: "search", arguments: '{"query": ' },
  { name: "read_file", arguments: '{"path": "notes"}' },
];

/** A guard before the tools, and what it has to refuse: another mistake each time. */
export function openMistakes(keeper: Bookkeeper) {
  const query = { type: "object", properties: { query: { type: "string" } }, required: ["query"] };
  const guard = toolGuard({
    tools: { search: { schema: query, run: () => "nothing" }, read_file: { run: () => "" } },
    agents: { writer: ["search"] },
  });
  let made = 0;
  /** By the agent at work, `source`. */
  return async (source: string): Promise<void> => {
    const mistake = MISTAKES[made++ % MISTAKES.length]!;
    keeper.called(source, `tool:${mistake.name === "serch" ? "_OTHER" : mistake.name}`, true);
    await guard.call(mistake);
  };
}

/** What a reviewer thinks of the answer of the agent at work. */
export function judge(isGood: boolean): void {
  recordEvaluation(undefined, {
    name: "relevance",
    score: isGood ? 0.9 : 0.3,
    label: isGood ? "relevant" : "beside",
  });
  recordEvaluation(undefined, { name: "tone", label: "polite" });
}
