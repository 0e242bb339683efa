import { warnOnce } from "../../internal/warn-once.ts";
import type { MemoryMetrics } from "../memory-metrics.ts";
import type { ChatMessage } from "./chat-message.ts";
import { tokensOf } from "./count-tokens.ts";
import { type Summary, summaryOf } from "./summary.ts";
import { SummaryWriter } from "./summary-writer.ts";
import type { Entry } from "./timeline.ts";
import type { WindowSettings } from "./window-options.ts";

/** The summary of what has left a window. One that fails leaves the one before it. */
export class SummaryKeeper<M extends ChatMessage> {
  readonly #settings: WindowSettings<M>;
  readonly #metrics: MemoryMetrics;
  readonly #writer: SummaryWriter<M>;
  #kept: Summary<M> | undefined;
  #failed = 0;

  constructor(settings: WindowSettings<M>, metrics: MemoryMetrics) {
    this.#settings = settings;
    this.#metrics = metrics;
    this.#writer = new SummaryWriter(settings, {
      previous: () => this.#kept?.text,
      written: (text, after) => this.#keep(text, after),
      failed: () => this.#hasFailed(),
    });
  }

  get kept(): Summary<M> | undefined {
    return this.#kept;
  }

  get failed(): number {
    return this.#failed;
  }

  handIn(evicted: readonly Entry<M>[]): void {
    this.#writer.handIn(evicted);
  }

  /** Rejects only as the signal says. */
  done(signal: AbortSignal | undefined): Promise<void> {
    return this.#writer.done(signal);
  }

  clear(): void {
    this.#writer.clear();
    this.#kept = undefined;
  }

  #keep(text: string, after: number): void {
    const { name, summaryTokens } = this.#settings;
    const summary = this.#summary(text, after);
    if (summary === undefined) {
      this.#hasFailed();
      return;
    }
    this.#kept = summary;
    const isCut = summary.text !== text;
    this.#metrics.summarised(name, isCut ? "cut" : "written");
    if (isCut)
      warnOnce(
        "window-summary-cut",
        `a summary for window "${name}" was longer than its ${summaryTokens} tokens and was cut`,
      );
  }

  #summary(text: string, after: number): Summary<M> | undefined {
    const { summaryTokens, countTokens } = this.#settings;
    try {
      return summaryOf<M>(text, after, summaryTokens, (message) =>
        tokensOf("windowMemory: summary", message, countTokens),
      );
    } catch {
      // The program's own countTokens.
      return undefined;
    }
  }

  #hasFailed(): void {
    this.#failed += 1;
    this.#metrics.summarised(this.#settings.name, "failed");
  }
}
