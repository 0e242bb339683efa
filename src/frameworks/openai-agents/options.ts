/** Options of {@link agentOtelProcessor}. */
export interface OpenAIAgentsOptions {
  /** Puts arguments and results of tools on their spans, with secrets redacted and cut to 4 KiB each. @default false */
  readonly capture?: boolean;
  /**
   * Who answers, in the conventions' names (`groq`, `ollama`, `azure.ai.openai` …): for models of Chat Completions at another host, which
   * the SDK does not tell. An instrumented client knows by itself. @default by the host where it is told, else "openai"
   */
  readonly provider?: string;
}

/** @throws TypeError when an option is unfit. */
export function checkOptions(caller: string, { capture, provider }: OpenAIAgentsOptions): void {
  if (capture !== undefined && typeof capture !== "boolean")
    throw new TypeError(`${caller}: capture must be a boolean, got ${typeof capture}`);
  if (provider !== undefined && (typeof provider !== "string" || provider === ""))
    throw new TypeError(
      `${caller}: provider must be a string of at least 1 character, got ${provider === "" ? "none" : typeof provider}`,
    );
}
