import { isRecord } from "./request-facts.ts";
import type { ScriptedAnswer } from "./scripted-answer.ts";
import type { ScriptedRequest } from "./scripted-request.ts";

/** @throws TypeError when a tool that the script takes for unknown to the agent is offered by its request. */
export function checkNotOffered(request: ScriptedRequest, { toolCalls = [] }: ScriptedAnswer): void {
  const offered = offeredTools(request.body["tools"]);
  const wrong = toolCalls.find(({ name, offered: wanted }) => wanted === false && offered.includes(name));
  if (wrong === undefined) return;
  throw new TypeError(
    `the tool "${wrong.name}" is no hallucination: the request offers ${offered.map((name) => `"${name}"`).join(", ")}`,
  );
}

/** Chat completions wrap their tools in `function`, responses and messages do not. */
function offeredTools(tools: unknown): readonly string[] {
  if (!Array.isArray(tools)) return [];
  return tools
    .filter(isRecord)
    .map(({ name, function: inner }) => (isRecord(inner) ? inner["name"] : name))
    .filter((name) => typeof name === "string");
}
