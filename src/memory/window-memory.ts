import { MemoryMetrics, memoryMetrics } from "./memory-metrics.ts";
import type { ChatFormat, ChatMessage, SystemPrompt } from "./window/chat-message.ts";
import { fits, staying } from "./window/choose-evicted.ts";
import { tokensOf } from "./window/count-tokens.ts";
import { Departures } from "./window/departures.ts";
import { type InputUsage, inputTokens } from "./window/input-tokens.ts";
import type { Summary } from "./window/summary.ts";
import { SummaryKeeper } from "./window/summary-keeper.ts";
import { Timeline } from "./window/timeline.ts";
import { overflowOf, WindowDraft } from "./window/window-draft.ts";
import { WindowLimits } from "./window/window-limits.ts";
import {
  checkSystem,
  type WindowMemoryOptions,
  type WindowSettings,
  windowSettings,
} from "./window/window-options.ts";
import type { WindowMemoryStats } from "./window/window-stats.ts";
import { withSummary } from "./window/with-summary.ts";

export type { ChatFormat, ChatMessage, SystemPrompt } from "./window/chat-message.ts";
export type { CountTokens } from "./window/count-tokens.ts";
export type { InputUsage } from "./window/input-tokens.ts";
export type { Summarise, WindowMemoryOptions } from "./window/window-options.ts";
export type { WindowMemoryStats } from "./window/window-stats.ts";

/**
 * The newest messages of a conversation, never more than fit into a request, and always such that the provider takes them: a tool call
 * stands with all its results, and with Anthropic the first message is the user's. The system prompt stays, and what is pinned.
 *
 * What leaves is whole exchanges (what the user said, and all up to the next time), the oldest first; of one that is too large alone, its
 * oldest answers and tool calls with their results. The same messages in the same order leave the same window, whether they are added one
 * by one or at once. Messages are the objects that were added, and counted then: do not change them.
 */
export class WindowMemory<M extends ChatMessage = ChatMessage> {
  readonly name: string;
  readonly #settings: WindowSettings<M>;
  readonly #limits: WindowLimits;
  readonly #summaries: SummaryKeeper<M>;
  readonly #departures: Departures;
  #timeline = new Timeline<M>();
  #format: ChatFormat | undefined;
  #system: SystemPrompt | undefined;
  #nextSeq = 0;
  #tokensLastGiven: number | undefined;

  /** @throws TypeError or RangeError that names the option, what it allows and the value; WindowOverflowError where `system` is too long. */
  constructor(options: WindowMemoryOptions<M>) {
    const settings = windowSettings(options);
    this.name = settings.name;
    this.#settings = settings;
    this.#format = settings.format;
    const metrics = options.metrics === undefined ? memoryMetrics : new MemoryMetrics(options.metrics);
    this.#limits = new WindowLimits(settings);
    this.#summaries = new SummaryKeeper(settings, metrics);
    this.#departures = new Departures(this.name, metrics);
    if (options.system !== undefined) this.system = options.system;
    metrics.open("window", this);
  }

  /**
   * Adds one message or several, the oldest first, and lets go what no longer fits. A tool result whose call is not the last thing that was
   * said, and a call that the conversation has left before its results came, are left out: no provider would take them.
   *
   * @throws TypeError that names the bad part; WindowOverflowError where what must stay does not fit: none of the messages was added then.
   */
  add(messages: M | readonly M[]): void {
    const list: readonly M[] = isList(messages) ? messages : [messages];
    const draft = this.#draft();
    for (const [i, message] of list.entries())
      draft.append(message, `windowMemory: messages[${i}]`, this.#nextSeq + i);
    this.#nextSeq += list.length;
    this.#commit(draft);
  }

  /**
   * What may be sent now: waits until a summary that is being written is in its place.
   *
   * @throws the reason of the signal; WindowOverflowError where `recalibrate` has shown that what must stay does not fit.
   */
  async messages(signal?: AbortSignal): Promise<M[]> {
    await this.#summaries.done(signal);
    return this.current();
  }

  /** The same at once: a summary that is being written is missing. */
  current(): M[] {
    if (!fits(this.#timeline, this.#limits.hard))
      throw overflowOf(this.#timeline, this.#settings, this.#limits);
    const summary = this.#shownSummary;
    this.#tokensLastGiven = this.tokens - this.#limits.unseenTokens;
    return withSummary(this.#timeline, summary);
  }

  /** Anthropic's system prompt, as it was given. */
  get system(): SystemPrompt | undefined {
    return this.#system;
  }

  /** @throws TypeError; WindowOverflowError where what must stay does not fit beside it, and the one before stays. */
  set system(system: SystemPrompt) {
    checkSystem(system);
    const before = this.#limits.systemTokens;
    const asMessage = { role: "system", content: system } as unknown as M;
    this.#limits.systemTokens = tokensOf("windowMemory: system", asMessage, this.#settings.countTokens);
    const draft = this.#draft();
    try {
      draft.useFormat("anthropic", "windowMemory: system");
      draft.makeRoom();
    } catch (error) {
      this.#limits.systemTokens = before;
      throw error;
    }
    this.#system = system;
    this.#commit(draft);
  }

  /** Of all that `current` gives, with the system prompt, as counted. */
  get tokens(): number {
    return (
      this.#timeline.tokens +
      this.#limits.systemTokens +
      this.#limits.unseenTokens +
      (this.#shownSummary?.tokens ?? 0)
    );
  }

  /** How many messages `current` gives. */
  get size(): number {
    return this.#timeline.messages + (this.#shownSummary === undefined ? 0 : 1);
  }

  /** What has left so far, as `summarise` has put it. */
  get summary(): string | undefined {
    return this.#summaries.kept?.text;
  }

  /** Keeps a message of the window for good: the object that was added. @returns Whether it is there. */
  pin(message: M): boolean {
    return this.#timeline.pin(message, true);
  }

  /** @returns Whether it is there. */
  unpin(message: M): boolean {
    return this.#timeline.pin(message, false);
  }

  /** Begins a new conversation: only the system prompt stays, and what is pinned. A summary that is being written is dropped. */
  clear(): void {
    const { groups } = this.#timeline;
    const stays = staying(groups, undefined);
    this.#timeline.remove(new Set(groups.filter((group) => !stays(group))));
    this.#timeline.beginAnew();
    this.#summaries.clear();
  }

  /**
   * Learns from the provider's own count of the tokens of the last request, made of what `messages` gave last: what it counted beyond ours
   * (tools, for instance) is room that the messages do not have from now on. Never makes more room than there was.
   *
   * @param usage That of the answer, or its number of input tokens.
   */
  recalibrate(usage: InputUsage): void {
    const counted = this.#tokensLastGiven ?? this.tokens - this.#limits.unseenTokens;
    this.#limits.unseenTokens = Math.max(0, inputTokens(usage) - counted);
    const draft = this.#draft();
    draft.evict();
    this.#commit(draft);
  }

  stats(): WindowMemoryStats {
    const { maxTokens, maxMessages } = this.#settings;
    const { compactions, evicted, incomplete } = this.#departures;
    const pinned = this.#timeline.groups.flatMap((group) => (group.isPinned ? group.entries : []));
    return {
      name: this.name,
      format: this.#format ?? null,
      messages: this.size,
      tokens: this.tokens,
      maxTokens,
      maxMessages: maxMessages ?? null,
      pinned: pinned.filter((entry) => entry.pinned).length,
      hasSummary: this.#summaries.kept !== undefined,
      compactions,
      evictedMessages: evicted,
      incompleteMessages: incomplete,
      failedSummaries: this.#summaries.failed,
    };
  }

  /** It gives way where what must stay needs its room, and is back when there is room again. */
  get #shownSummary(): Summary<M> | undefined {
    const summary = this.#summaries.kept;
    if (summary === undefined) return undefined;
    const { tokens, messages } = this.#timeline;
    return fits({ tokens: tokens + summary.tokens, messages: messages + 1 }, this.#limits.hard)
      ? summary
      : undefined;
  }

  #draft(): WindowDraft<M> {
    return new WindowDraft(this.#timeline, this.#format, this.#settings, this.#limits);
  }

  #commit({ timeline, format, evicted, incomplete }: WindowDraft<M>): void {
    this.#timeline = timeline;
    this.#format = format;
    this.#departures.left({ evicted, incomplete }, { tokens: this.tokens, messages: this.size });
    if (evicted.length > 0) this.#summaries.handIn(evicted);
  }
}

function isList<M extends ChatMessage>(messages: M | readonly M[]): messages is readonly M[] {
  return Array.isArray(messages);
}

/** @see WindowMemory */
export function windowMemory<M extends ChatMessage = ChatMessage>(
  options: WindowMemoryOptions<M>,
): WindowMemory<M> {
  return new WindowMemory(options);
}
