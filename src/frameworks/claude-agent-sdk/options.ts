/** Options of {@link traceClaudeAgent}. */
export interface ClaudeAgentOptions {
  /** Of the agent that `query` runs. @default its option `agent`, else "claude" */
  readonly name?: string;
  /** Puts arguments and results of tools, and the prompt, on spans, with secrets redacted and cut to 4 KiB each. @default false */
  readonly capture?: boolean;
  /** Who answers, in the conventions' names. @default by the CLI's own variables (`CLAUDE_CODE_USE_BEDROCK` …), else "anthropic" */
  readonly provider?: string;
}

/** @throws TypeError when an option is unfit. */
export function checkOptions({ name, capture, provider }: ClaudeAgentOptions): void {
  checkText("name", name);
  checkText("provider", provider);
  if (capture !== undefined && typeof capture !== "boolean")
    throw new TypeError(`traceClaudeAgent: capture must be a boolean, got ${typeof capture}`);
}

function checkText(option: string, value: unknown): void {
  if (value !== undefined && (typeof value !== "string" || value === ""))
    throw new TypeError(
      `traceClaudeAgent: ${option} must be a string of at least 1 character, got ${value === "" ? "none" : typeof value}`,
    );
}
