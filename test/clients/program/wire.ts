// What the server of a client run answers, fixed to the last byte: ids, times and texts never change.

/** One endpoint of a provider as its server sees it. */
export interface Wire {
  readonly plain: object;
  /** Server-sent events, each as it goes over the wire. @param body The request, since some events come only when asked for. */
  readonly events: (body: Readonly<Record<string, unknown>>) => readonly string[];
  /** An error in the middle of a stream, as this provider sends it. */
  readonly failure: string;
}

/** How many events are sent before the server falls silent, where it is told to. */
export const EARLY_EVENTS = 3;

const ERROR = { type: "overloaded_error", message: "too many otters" };

function data(value: object): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

function named(value: { readonly type: string; readonly [field: string]: unknown }): string {
  return `event: ${value.type}\n${data(value)}`;
}

const CHAT = { id: "chatcmpl-1", created: 1_700_000_000, model: "gpt-4o-mini-2024-07-18" };
const CHAT_USAGE = { prompt_tokens: 31, completion_tokens: 7, total_tokens: 38 };

export const chat: Wire = {
  plain: {
    ...CHAT,
    object: "chat.completion",
    choices: [
      { index: 0, message: { role: "assistant", content: "ab", refusal: null }, finish_reason: "stop" },
    ],
    usage: CHAT_USAGE,
  },
  events(body) {
    const asked = (body["stream_options"] as { include_usage?: boolean } | undefined)?.include_usage === true;
    const chunk = (rest: object): string =>
      data({ ...CHAT, object: "chat.completion.chunk", ...rest, ...(asked ? { usage: null } : {}) });
    const choice = (delta: object, finish_reason: string | null = null): string =>
      chunk({ choices: [{ index: 0, delta, finish_reason }] });
    return [
      choice({ role: "assistant", content: "" }),
      choice({ content: "a" }),
      choice({ content: "b" }),
      choice({}, "stop"),
      ...(asked ? [data({ ...CHAT, object: "chat.completion.chunk", choices: [], usage: CHAT_USAGE })] : []),
      "data: [DONE]\n\n",
    ];
  },
  failure: data({ error: ERROR }),
};

const PART = { type: "output_text", text: "ab", annotations: [] };
const ITEM = { id: "msg_1", type: "message", role: "assistant", status: "completed", content: [PART] };
const RESPONSE = {
  id: "resp_1",
  object: "response",
  created_at: 1_700_000_000,
  model: "gpt-4o-mini-2024-07-18",
  status: "completed",
  incomplete_details: null,
  error: null,
  output: [ITEM],
  usage: {
    input_tokens: 31,
    input_tokens_details: { cached_tokens: 6 },
    output_tokens: 7,
    output_tokens_details: { reasoning_tokens: 2 },
    total_tokens: 38,
  },
};
const AT = { item_id: "msg_1", output_index: 0, content_index: 0 };

export const responses: Wire = {
  plain: RESPONSE,
  events() {
    const begun = { ...RESPONSE, status: "in_progress", output: [], usage: null };
    const events = [
      { type: "response.created", response: begun },
      { type: "response.in_progress", response: begun },
      {
        type: "response.output_item.added",
        output_index: 0,
        item: { ...ITEM, status: "in_progress", content: [] },
      },
      { type: "response.content_part.added", ...AT, part: { ...PART, text: "" } },
      { type: "response.output_text.delta", ...AT, delta: "a", logprobs: [] },
      { type: "response.output_text.delta", ...AT, delta: "b", logprobs: [] },
      { type: "response.output_text.done", ...AT, text: "ab", logprobs: [] },
      { type: "response.content_part.done", ...AT, part: PART },
      { type: "response.output_item.done", output_index: 0, item: ITEM },
      { type: "response.completed", response: RESPONSE },
    ];
    return events.map((event, sequence_number) => named({ ...event, sequence_number }));
  },
  failure: `event: error\n${data({ type: "error", code: "overloaded", message: "too many otters", param: null, sequence_number: 3 })}`,
};

const MESSAGE = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-5",
  content: [{ type: "text", text: "ab" }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 25, cache_read_input_tokens: 6, cache_creation_input_tokens: 0, output_tokens: 7 },
};

export const messages: Wire = {
  plain: MESSAGE,
  events() {
    const usage = { ...MESSAGE.usage, output_tokens: 1 };
    const delta = (text: string) =>
      named({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } });
    return [
      named({ type: "message_start", message: { ...MESSAGE, content: [], stop_reason: null, usage } }),
      named({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }),
      delta("a"),
      delta("b"),
      named({ type: "content_block_stop", index: 0 }),
      named({
        type: "message_delta",
        delta: { stop_reason: "end_turn", stop_sequence: null },
        usage: { output_tokens: 7 },
      }),
      named({ type: "message_stop" }),
    ];
  },
  failure: `event: error\n${data({ type: "error", error: ERROR })}`,
};

/** Numbers, unless the request asks for base64: clients do that by themselves, and decode it. */
export const embeddings: Wire = {
  plain: {
    object: "list",
    model: "text-embedding-3-small",
    data: [
      {
        object: "embedding",
        index: 0,
        embedding: Buffer.from(new Float32Array([1, -0.5]).buffer).toString("base64"),
      },
    ],
    usage: { prompt_tokens: 31, total_tokens: 31 },
  },
  events: () => [],
  failure: "",
};

/** The endpoint that a path means. */
export function wireOf(path: string): Wire {
  if (path.includes("/embeddings")) return embeddings;
  if (path.includes("/messages")) return messages;
  return path.includes("/responses") ? responses : chat;
}
