import type { MemoryEntry } from "./memory-entry.ts";
import { MEMORY_TYPES, type MemoryType } from "./memory-type.ts";

const HEADERS: Readonly<Record<MemoryType, string>> = {
  instruction: "## Instructions",
  decision: "## Decisions",
  fact: "## Facts",
  conversation: "## Conversations",
  result: "## Results",
};

/**
 * Puts entries into one text, by type: instructions, decisions, facts, conversations, results. An entry that does not fit is left out, and
 * the next one of its type tried.
 *
 * @param entries The most relevant first.
 * @param fits Whether so much text is still allowed: headers and empty lines are asked for as well.
 */
export function buildContext(entries: readonly MemoryEntry[], fits: (text: string) => boolean): string {
  let context = "";
  for (const type of MEMORY_TYPES) {
    let isBegun = false;
    for (const entry of entries) {
      if (entry.type !== type) continue;
      const line = `- ${inOneItem(entry.content)}`;
      const before = isBegun ? `${context}\n` : `${context === "" ? "" : `${context}\n\n`}${HEADERS[type]}\n`;
      if (!fits(before + line)) continue;
      context = before + line;
      isBegun = true;
    }
  }
  return context;
}

/** Further lines are indented: what a tool has said must not begin a section of instructions. */
function inOneItem(content: string): string {
  return content.replace(/\r\n?|[\n\v\f\u0085\u2028\u2029]/g, "\n  ");
}
