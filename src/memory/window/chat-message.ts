/**
 * A message as OpenAI's chat completions and Anthropic's Messages have it. Their own types fit: `ChatCompletionMessageParam`,
 * `MessageParam`.
 */
export interface ChatMessage {
  readonly role: string;
  /** Text, or a list of parts. */
  readonly content?: unknown;
}

/** Whose rules the messages keep. */
export type ChatFormat = "openai" | "anthropic";

/** As Anthropic takes it outside of the list: a text, or blocks of text. */
export type SystemPrompt = string | readonly object[];

/** What of a message matters to whether a provider takes the list. */
export interface MessageFacts {
  readonly part: "system" | "user" | "assistant" | "result";
  /** Ids of the tool calls that it makes. */
  readonly calls: readonly string[];
  /** Ids of the tool calls that it answers. */
  readonly results: readonly string[];
  /** Whether it says something else after its results. */
  readonly isMixed: boolean;
  /** `false`: no provider takes it, wherever it stands. */
  readonly isSound: boolean;
  /** `undefined`: fits both. */
  readonly format: ChatFormat | undefined;
}
