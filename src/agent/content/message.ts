/**
 * A piece of a message, in the shape of the GenAI conventions. Images, sound and files are told by kind, type and size; their
 * bytes and addresses are never part of it.
 */
export type ContentPart =
  | { readonly type: "text" | "reasoning" | "refusal"; readonly content: string }
  | {
      readonly type: "tool_call";
      readonly id?: string | undefined;
      readonly name: string;
      /** As an object where the model gave valid JSON, else as the text it gave. */
      readonly arguments?: unknown;
    }
  | { readonly type: "tool_call_response"; readonly id?: string | undefined; readonly response: unknown }
  | {
      readonly type: "blob" | "uri" | "file";
      readonly modality?: string | undefined;
      readonly mime_type?: string | undefined;
      readonly byte_size?: number | undefined;
    }
  /** What the conventions have no shape for is known by its type alone. */
  | { readonly type: string };

/** One message of a model call, in the shape of the GenAI conventions. */
export interface ContentMessage {
  /** system, user, assistant, tool, or what the provider calls it. */
  readonly role: string;
  readonly name?: string | undefined;
  readonly parts: readonly ContentPart[];
}

/** What a tool is called; its schema would be on every call again, and the conventions advise against that. */
export interface ToolDefinition {
  readonly type: string;
  readonly name: string;
}

/** What a model is asked. */
export interface RequestContent {
  /** Instructions that the provider takes apart from the history; system messages of a history stay in `input`. */
  readonly system?: readonly ContentPart[] | undefined;
  readonly input?: readonly ContentMessage[] | undefined;
  readonly tools?: readonly ToolDefinition[] | undefined;
}
