/** What one `windowMemory` holds and has done, without any content. Plain JSON. */
export interface WindowMemoryStats {
  readonly name: string;
  /** `null` until a message has shown it. */
  readonly format: "openai" | "anthropic" | null;
  /** Now in the window, the summary with them. */
  readonly messages: number;
  /** As counted, of all that would be sent now. */
  readonly tokens: number;
  readonly maxTokens: number;
  /** `null`: no limit. */
  readonly maxMessages: number | null;
  readonly pinned: number;
  readonly hasSummary: boolean;
  /** Times that messages had to leave. */
  readonly compactions: number;
  readonly evictedMessages: number;
  /** Messages that no provider would take: calls whose results never came, results without a call. */
  readonly incompleteMessages: number;
  /** Summaries that failed, and what they were for is gone. */
  readonly failedSummaries: number;
}
