import { nearestName } from "./nearest-name.ts";
import { shownName } from "./refusal.ts";

/** A model needs no more names than it can choose from. */
const MAX_NAMES = 32;

export function unknownToolText(requested: string, granted: readonly string[]): string {
  const nearest = nearestName(requested, granted);
  const meant = nearest === undefined ? "" : ` Did you mean ${quoted(nearest)}?`;
  return `There is no tool ${quoted(shownName(requested))}.${meant} ${choices(granted)}`;
}

export function notGrantedText(tool: string, granted: readonly string[]): string {
  return `The tool ${quoted(tool)} is not available to you. ${choices(granted)}`;
}

export function malformedText(tool: string, problem: string): string {
  return `The arguments of ${quoted(tool)} could not be read: ${problem}. Call it again with a valid JSON object.`;
}

export function invalidText(tool: string, problems: readonly string[]): string {
  const list = problems.map((problem) => `- ${problem}`).join("\n");
  return `The arguments of ${quoted(tool)} do not fit its schema:\n${list}\nCall it again with arguments that fit.`;
}

export function maxCallsText(tool: string, max: number, whose: "tool" | "all"): string {
  const what = whose === "tool" ? `The tool ${quoted(tool)}` : "Tools";
  return `${what} may run ${max === 1 ? "once" : `${max} times`} in this task, and did. Go on without.`;
}

export function validateText(tool: string, why: string | undefined): string {
  return why ?? `The call of ${quoted(tool)} was refused.`;
}

function choices(granted: readonly string[]): string {
  if (granted.length === 0) return "You have no tools; answer without.";
  const shown = granted.slice(0, MAX_NAMES).map(quoted).join(", ");
  return `Your tools: ${shown}${granted.length > MAX_NAMES ? ", and others" : ""}.`;
}

function quoted(name: string): string {
  return JSON.stringify(name);
}
