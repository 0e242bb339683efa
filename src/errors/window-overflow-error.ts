import { AgentError } from "./agent-error.ts";

export interface WindowOverflowFacts {
  readonly window: string;
  /** Of all that must stay: system prompt, pinned messages, the newest ones. */
  readonly neededTokens: number;
  readonly allowedTokens: number;
  readonly neededMessages: number;
  /** `undefined`: no limit. */
  readonly allowedMessages: number | undefined;
}

/** What must stay in a window of messages does not fit into it. Nothing was evicted for it, and what was to be added was not. */
export class WindowOverflowError extends AgentError implements WindowOverflowFacts {
  readonly code = "window_overflow";
  readonly window: string;
  readonly neededTokens: number;
  readonly allowedTokens: number;
  readonly neededMessages: number;
  readonly allowedMessages: number | undefined;

  constructor(facts: WindowOverflowFacts) {
    const { window, neededTokens, allowedTokens, neededMessages, allowedMessages } = facts;
    super(
      `window "${window}": system prompt, pinned and newest messages need ${neededTokens} of ${allowedTokens} tokens` +
        (allowedMessages === undefined ? "" : ` and ${neededMessages} of ${allowedMessages} messages`),
    );
    this.window = window;
    this.neededTokens = neededTokens;
    this.allowedTokens = allowedTokens;
    this.neededMessages = neededMessages;
    this.allowedMessages = allowedMessages;
  }
}
