type Hook = (input: object) => Promise<object>;
type Hooks = Readonly<Record<string, readonly { readonly hooks: readonly Hook[] }[]>>;
type Params = {
  readonly prompt: unknown;
  readonly options?: Readonly<Record<string, unknown>>;
};

/** Something that the CLI does next: it tells a message, calls a hook, or breaks. */
export type Happening = { readonly message: object } | { readonly hook: object } | { readonly error: Error };

/** A query as the SDK makes it, with private fields, that plays `happenings`. */
export class FakeQuery {
  readonly #happenings: Happening[];
  readonly #hooks: Hooks;
  readonly answers: object[] = [];
  closed = 0;
  model: string | undefined;

  constructor(happenings: readonly Happening[], options: Readonly<Record<string, unknown>>) {
    this.#happenings = [...happenings];
    this.#hooks = options["hooks"] as Hooks;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<unknown, void>> {
    for (;;) {
      const next = this.#happenings.shift();
      if (next === undefined || this.closed > 0) return { done: true, value: undefined };
      if ("error" in next) throw next.error;
      if ("message" in next) return { done: false, value: next.message };
      const event = (next.hook as { hook_event_name: string }).hook_event_name;
      for (const { hooks } of this.#hooks[event] ?? [])
        for (const hook of hooks) this.answers.push(await hook(next.hook));
    }
  }

  async return(): Promise<IteratorResult<unknown, void>> {
    this.#happenings.length = 0;
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<unknown, void>> {
    this.#happenings.length = 0;
    throw error;
  }

  async setModel(model: string): Promise<number> {
    this.model = model;
    return this.#happenings.length;
  }

  async interrupt(): Promise<void> {}

  close(): void {
    this.closed += 1;
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** The SDK's `query`, and the query that it made last. */
export function fakeSdk(...happenings: readonly Happening[]) {
  const made: FakeQuery[] = [];
  const query = ({ options = {} }: Params): FakeQuery => {
    const fake = new FakeQuery(happenings, options);
    made.push(fake);
    return fake;
  };
  return { query, made: () => made.at(-1)! };
}

export const message = (value: object): Happening => ({ message: value });
export const hook = (name: string, value: object): Happening => ({
  hook: { hook_event_name: name, ...value },
});

const MODEL = "claude-haiku-4-5";

/** All events of one answer of the agent itself. */
export function answer(id: string, output = 10): readonly Happening[] {
  const usage = { input_tokens: 100, output_tokens: 1 };
  const events = [
    { type: "message_start", message: { id, model: MODEL, usage } },
    { type: "content_block_delta", delta: { type: "text_delta", text: "Ott" } },
    { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: output } },
    { type: "message_stop" },
  ];
  return [
    message({ type: "system", subtype: "status", status: "requesting" }),
    ...events.map((event) => message({ type: "stream_event", event, parent_tool_use_id: null })),
  ];
}

export const result = (more: object = {}): Happening =>
  message({ type: "result", subtype: "success", is_error: false, ...more });
