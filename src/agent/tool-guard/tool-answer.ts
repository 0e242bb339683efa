/** Why a tool call was refused; the value of `error.type` on its span. */
export type ToolRefusalReason =
  | "unknown_tool"
  | "not_granted"
  | "malformed_arguments"
  | "invalid_arguments"
  | "invalid_by_validate"
  | "max_calls";

interface Answer {
  /** That of the call. */
  readonly id: string | undefined;
  /** As the model wrote it, cut to 64 characters and without control characters. */
  readonly name: string;
  /** For the model. */
  readonly text: string;
}

/** What comes back for a tool call. `text` is for the model in each case. */
export type ToolAnswer =
  | (Answer & { readonly outcome: "ok"; readonly value: unknown })
  | (Answer & {
      /** The tool did not run. */
      readonly outcome: "refused";
      readonly reason: ToolRefusalReason;
      /** Each as `path: what was expected`; empty but for arguments that do not fit. */
      readonly problems: readonly string[];
    })
  | (Answer & {
      /** The tool ran and threw. */
      readonly outcome: "failed";
      /** The same object. */
      readonly error: unknown;
    });

/** The message of OpenAI's chat completions that answers a tool call. */
export function asOpenAIMessage({ id = "", text }: ToolAnswer): {
  role: "tool";
  tool_call_id: string;
  content: string;
} {
  return { role: "tool", tool_call_id: id, content: text };
}

/** The item of OpenAI's responses that answers a tool call. */
export function asOpenAIOutput({ id = "", text }: ToolAnswer): {
  type: "function_call_output";
  call_id: string;
  output: string;
} {
  return { type: "function_call_output", call_id: id, output: text };
}

/** The content block of Anthropic's messages that answers a tool call, for the next message of the user. */
export function asAnthropicBlock({ id = "", text, outcome }: ToolAnswer): {
  type: "tool_result";
  tool_use_id: string;
  content: string;
  is_error?: true;
} {
  const block = { type: "tool_result" as const, tool_use_id: id, content: text };
  return outcome === "ok" ? block : { ...block, is_error: true };
}

/** A result as text: text as it is, everything else as JSON. Never throws. */
export function resultText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === undefined) return "done";
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // A circle, a bigint, a toJSON that throws.
    return "done; the result cannot be shown";
  }
}
