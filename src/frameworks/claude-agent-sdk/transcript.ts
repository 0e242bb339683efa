import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { readAnthropicUsage } from "../../cost/readers/anthropic.ts";
import type { TokenUsage } from "../../cost/token-usage.ts";
import { field, text } from "../../instrumentation/fields.ts";

/** A model call, as a transcript has it: no content. */
export interface TranscriptCall {
  /** Of the provider's message; empty where it is not known. */
  readonly id: string;
  readonly model: string | undefined;
  readonly startMs: number;
  readonly endMs: number;
  readonly usage: TokenUsage | undefined;
  readonly stopReason: string | undefined;
}

/** Longer ones are not read. */
const MOST_BYTES = 32 * 1024 * 1024;
/** The CLI writes its lines a little later than it tells of them. */
const TRIES = 10;
const BETWEEN_MS = 50;

/** As {@link readTranscript}, once its last answer is one after which no tool runs; after half a second as it is. */
export async function wholeTranscript(path: string): Promise<readonly TranscriptCall[]> {
  for (let left = TRIES; ; left -= 1) {
    // Of a short one not even the file is there.
    const calls = left > 1 && !existsSync(path) ? [] : await readTranscript(path);
    const reason = calls.at(-1)?.stopReason;
    if (left <= 1 || (reason !== undefined && reason !== "tool_use")) return calls;
    await setTimeout(BETWEEN_MS, undefined, { ref: false });
  }
}

/**
 * The model calls of a transcript that the CLI has written, a line of JSON for each message. One call has several lines, of which the last
 * has its tokens; it began when the line before was written.
 *
 * @throws Error when there is no such file.
 */
export async function readTranscript(path: string): Promise<readonly TranscriptCall[]> {
  if ((await stat(path)).size > MOST_BYTES) throw new Error("the transcript is too long");
  const calls = new Map<string, TranscriptCall>();
  let before: number | undefined;
  for (const line of (await readFile(path, "utf8")).split("\n")) {
    const entry = parsed(line);
    const at = Date.parse(text(entry, "timestamp") ?? "");
    const message = field(entry, "message");
    const id = text(message, "id");
    if (text(entry, "type") === "assistant" && id !== undefined && !Number.isNaN(at)) {
      const usage = readAnthropicUsage(field(message, "usage"));
      const startMs = calls.get(id)?.startMs ?? before ?? at;
      const stopReason = text(message, "stop_reason");
      if (text(message, "model") !== "<synthetic>")
        calls.set(id, { id, model: text(message, "model"), startMs, endMs: at, usage, stopReason });
    }
    if (!Number.isNaN(at)) before = at;
  }
  return [...calls.values()];
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
