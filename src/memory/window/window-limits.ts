import type { Size } from "./choose-evicted.ts";
import type { WindowSettings } from "./window-options.ts";

type LimitSettings = Pick<WindowSettings<never>, "maxTokens" | "maxMessages" | "summaryTokens" | "compactTo">;

/** What the messages of a window may use, beside all else that a request has. */
export class WindowLimits {
  readonly #settings: LimitSettings;
  /** Of the system prompt that stands outside of the list. */
  systemTokens = 0;
  /** What the provider counts beyond what is counted here: tools, for instance. */
  unseenTokens = 0;

  constructor(settings: LimitSettings) {
    this.#settings = settings;
  }

  get hard(): Size {
    const { maxTokens, maxMessages = Number.POSITIVE_INFINITY } = this.#settings;
    return { tokens: maxTokens - this.systemTokens - this.unseenTokens, messages: maxMessages };
  }

  /** With room for a summary, where there may be one. */
  get room(): Size {
    const { tokens, messages } = this.hard;
    const { summaryTokens } = this.#settings;
    return { tokens: tokens - summaryTokens, messages: messages - (summaryTokens > 0 ? 1 : 0) };
  }

  /** What to come down to, from the smallest on. */
  get goals(): readonly Size[] {
    const { room, hard } = this;
    const { compactTo } = this.#settings;
    const goal = {
      tokens: Math.floor(room.tokens * compactTo),
      messages: Math.max(1, Math.floor(room.messages * compactTo)),
    };
    return [goal, room, hard];
  }
}
