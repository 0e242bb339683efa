import { checkName } from "../../internal/check-name.ts";
import { checkRate, checkWhole } from "../../internal/check-number.ts";
import { type Clock, systemClock } from "../../internal/clock.ts";
import type { After } from "../../internal/timers.ts";
import type { MetricSources } from "../../telemetry/metric-sources.ts";
import type { ChatFormat, ChatMessage, SystemPrompt } from "./chat-message.ts";
import type { CountTokens } from "./count-tokens.ts";

const LONGEST_TIMER_MS = 2_147_483_647;

/**
 * Writes a summary of messages that have left the window.
 *
 * @param messages Oldest first, never more of them than fit into a whole window.
 * @returns A text of at most `maxTokens`; what is longer is cut.
 */
export type Summarise<M> = (
  messages: readonly M[],
  context: {
    /** Aborted when the time is over, and when the window is cleared. */
    readonly signal: AbortSignal;
    /** The summary so far: the new one takes its place. */
    readonly previous: string | undefined;
    readonly maxTokens: number;
  },
) => string | Promise<string>;

export interface WindowMemoryOptions<M extends ChatMessage = ChatMessage> {
  /** A metric label. @default "window" */
  readonly name?: string;
  /** Of all that is sent: messages, system prompt and summary. 16 to 100,000,000. */
  readonly maxTokens: number;
  /** The summary is one of them. 1 to 1,000,000. @default no limit */
  readonly maxMessages?: number;
  /** Whose rules the messages keep. @default what the messages show; until one does, plain text fits both */
  readonly format?: ChatFormat;
  /** Anthropic's, which stands outside of the list. OpenAI's is a message of the list. */
  readonly system?: SystemPrompt;
  /** Asked once for what has left, in the background. @default none: what leaves is gone */
  readonly summarise?: Summarise<M>;
  /** Room that is kept for the summary. Tokens. @default a fifth of maxTokens, 1,000 at most and 64 at least */
  readonly summaryTokens?: number;
  /** Milliseconds for one summary; what it was for is gone then. @default 30_000 */
  readonly summariseTimeoutMs?: number;
  /** Counts a message, whole. @default a token for 3 bytes of UTF-8, 4 for the message and 5,000 for an image: rather too many than too few */
  readonly countTokens?: CountTokens<M>;
  /** Whether a message that is added stays for good. */
  readonly pin?: (message: M) => boolean;
  /**
   * Share of the limits that is still used after messages had to leave, above 0 and up to 1. Below 1 they leave less often and more at once,
   * which costs fewer summaries, and keeps the provider's prompt cache longer. @default 1, with `summarise` 0.7
   */
  readonly compactTo?: number;
  /** For tests. */
  readonly clock?: Clock;
  /** For tests. */
  readonly after?: After;
  /** Where it tells its metrics. @default those of this process */
  readonly metrics?: MetricSources;
}

/** The options, checked, with their defaults. */
export interface WindowSettings<M extends ChatMessage> {
  readonly name: string;
  readonly maxTokens: number;
  readonly maxMessages: number | undefined;
  readonly format: ChatFormat | undefined;
  readonly summarise: Summarise<M> | undefined;
  /** 0 where nothing is summarised. */
  readonly summaryTokens: number;
  readonly summariseTimeoutMs: number;
  readonly countTokens: CountTokens<M> | undefined;
  readonly pin: (message: M) => boolean;
  readonly compactTo: number;
  readonly clock: Clock;
  readonly after: After | undefined;
}

/** @throws RangeError or TypeError that names the option, what it allows and the value. */
export function windowSettings<M extends ChatMessage>(options: WindowMemoryOptions<M>): WindowSettings<M> {
  const { name = "window", maxMessages, format, summarise, countTokens, pin } = options;
  checkName("windowMemory", name);
  const maxTokens = checkWhole("windowMemory: maxTokens", options.maxTokens, 16, 100_000_000);
  if (maxMessages !== undefined) checkWhole("windowMemory: maxMessages", maxMessages, 1, 1_000_000);
  if (format !== undefined && format !== "openai" && format !== "anthropic")
    throw new TypeError(`windowMemory: format must be openai or anthropic, got ${JSON.stringify(format)}`);
  for (const [option, value] of Object.entries({ summarise, countTokens, pin }))
    if (value !== undefined && typeof value !== "function")
      throw new TypeError(`windowMemory: ${option} must be a function, got ${typeof value}`);
  const compactTo = options.compactTo ?? (summarise === undefined ? 1 : 0.7);
  checkRate("windowMemory: compactTo", compactTo);
  const usual = Math.min(1_000, Math.max(Math.floor(maxTokens / 5), Math.min(64, maxTokens >> 1)));
  const summaryTokens = checkWhole(
    "windowMemory: summaryTokens",
    options.summaryTokens ?? usual,
    1,
    maxTokens - 1,
  );
  return {
    name,
    maxTokens,
    maxMessages,
    format: checkedFormat(format, options.system),
    summarise,
    summaryTokens: summarise === undefined ? 0 : summaryTokens,
    summariseTimeoutMs: checkWhole(
      "windowMemory: summariseTimeoutMs",
      options.summariseTimeoutMs ?? 30_000,
      1,
      LONGEST_TIMER_MS,
    ),
    countTokens,
    pin: pin ?? (() => false),
    compactTo,
    clock: options.clock ?? systemClock,
    after: options.after,
  };
}

/** @throws TypeError where it is no system prompt of Anthropic's. */
export function checkSystem(system: unknown): void {
  if (typeof system === "string") return;
  const isBlock = (block: unknown): boolean => typeof block === "object" && block !== null && "text" in block;
  if (Array.isArray(system) && system.every(isBlock)) return;
  throw new TypeError("windowMemory: system must be a text or a list of text blocks");
}

function checkedFormat(
  format: ChatFormat | undefined,
  system: SystemPrompt | undefined,
): ChatFormat | undefined {
  if (system === undefined) return format;
  checkSystem(system);
  if (format === "openai")
    throw new TypeError(
      "windowMemory: system is Anthropic's; with OpenAI the system prompt is a message of the list",
    );
  return "anthropic";
}
