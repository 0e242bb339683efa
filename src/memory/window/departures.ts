import { warnOnce } from "../../internal/warn-once.ts";
import type { MemoryMetrics } from "../memory-metrics.ts";
import type { ChatMessage } from "./chat-message.ts";
import { compactionEvent } from "./compaction-event.ts";
import type { WindowDraft } from "./window-draft.ts";

/** Counts what leaves a window, and tells of it. */
export class Departures {
  readonly #name: string;
  readonly #metrics: MemoryMetrics;
  compactions = 0;
  evicted = 0;
  incomplete = 0;

  constructor(name: string, metrics: MemoryMetrics) {
    this.#name = name;
    this.#metrics = metrics;
  }

  /** @param kept What the window holds from now on. */
  left<M extends ChatMessage>(
    { evicted, incomplete }: Pick<WindowDraft<M>, "evicted" | "incomplete">,
    kept: { readonly tokens: number; readonly messages: number },
  ): void {
    this.evicted += evicted.length;
    this.incomplete += incomplete.length;
    this.#metrics.messagesLeft(this.#name, "limit", evicted.length);
    this.#metrics.messagesLeft(this.#name, "incomplete", incomplete.length);
    if (incomplete.length > 0) tellOfIncomplete(this.#name);
    if (evicted.length === 0) return;
    this.compactions += 1;
    this.#metrics.compacted(this.#name);
    const tokens = evicted.reduce((sum, entry) => sum + entry.tokens, 0);
    compactionEvent(this.#name, { tokens, messages: evicted.length }, kept);
  }
}

function tellOfIncomplete(name: string): void {
  warnOnce(
    `window-incomplete:${name}`,
    `window "${name}" left out messages that no provider would take: tool results without their call, or calls without their results`,
  );
}
