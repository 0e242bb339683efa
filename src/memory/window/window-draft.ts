import { WindowOverflowError } from "../../errors/window-overflow-error.ts";
import type { ChatFormat, ChatMessage } from "./chat-message.ts";
import { chooseEvicted, fits, type Size } from "./choose-evicted.ts";
import { tokensOf } from "./count-tokens.ts";
import { messageFacts } from "./message-facts.ts";
import type { Entry, Timeline } from "./timeline.ts";
import type { WindowLimits } from "./window-limits.ts";
import type { WindowSettings } from "./window-options.ts";

/** What a window is about to be: kept where all of it fits, else dropped as if nothing had happened. */
export class WindowDraft<M extends ChatMessage> {
  readonly timeline: Timeline<M>;
  format: ChatFormat | undefined;
  /** To make room, in the order in which they left. */
  readonly evicted: Entry<M>[] = [];
  /** What no provider would take. */
  readonly incomplete: Entry<M>[] = [];
  readonly #settings: WindowSettings<M>;
  readonly #limits: WindowLimits;

  constructor(
    before: Timeline<M>,
    format: ChatFormat | undefined,
    settings: WindowSettings<M>,
    limits: WindowLimits,
  ) {
    this.timeline = before.copy();
    this.format = format;
    this.#settings = settings;
    this.#limits = limits;
  }

  /** @throws TypeError, RangeError on a bad message; WindowOverflowError. */
  append(message: M, where: string, seq: number): void {
    const facts = messageFacts(where, message);
    this.useFormat(facts.format, where);
    const { countTokens, pin } = this.#settings;
    const tokens = tokensOf(where, message, countTokens);
    const entry = { message, seq, tokens, facts, pinned: pin(message) === true };
    this.incomplete.push(...this.timeline.append(entry, this.format === "anthropic"));
    this.makeRoom();
  }

  /** @throws TypeError where it is in another one. */
  useFormat(format: ChatFormat | undefined, where: string): void {
    if (format === undefined || format === this.format) return;
    if (this.format !== undefined)
      throw new TypeError(`${where} is in the format of ${format}, and the window's is ${this.format}`);
    this.format = format;
    if (format === "anthropic") this.incomplete.push(...this.timeline.leaveHeadless());
  }

  /** @throws WindowOverflowError where what must stay does not fit. */
  makeRoom(): void {
    this.evict();
    if (!fits(this.timeline, this.#limits.hard))
      throw overflowOf(this.timeline, this.#settings, this.#limits);
  }

  /** Lets go what may leave, as far as there is too much. */
  evict(): void {
    if (fits(this.timeline, this.#limits.room)) return;
    const evicted = chooseEvicted(this.timeline.groups, this.timeline, this.#limits.goals);
    this.timeline.remove(evicted);
    for (const { entries } of evicted) this.evicted.push(...entries);
  }
}

export function overflowOf(
  { tokens, messages }: Size,
  { name, maxTokens, maxMessages }: Pick<WindowSettings<never>, "name" | "maxTokens" | "maxMessages">,
  { systemTokens, unseenTokens }: WindowLimits,
): WindowOverflowError {
  return new WindowOverflowError({
    window: name,
    neededTokens: tokens + systemTokens + unseenTokens,
    allowedTokens: maxTokens,
    neededMessages: messages,
    allowedMessages: maxMessages,
  });
}
