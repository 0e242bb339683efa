/**
 * A tool call as a model made it, in the shape of whoever brought it: OpenAI's chat completions (`function`) and responses
 * (`call_id`), Anthropic (`input`), LangChain (`args`), the AI SDK (`toolName`), or plainly `{ id, name, arguments }`.
 * Arguments are JSON text or a plain object.
 */
export type ModelToolCall =
  | { readonly id?: string | null; readonly name: string; readonly arguments?: unknown }
  | {
      readonly id?: string;
      readonly type: "function";
      readonly function: { readonly name: string; readonly arguments: string };
    }
  | {
      readonly id?: string;
      readonly type: "custom";
      readonly custom: { readonly name: string; readonly input: string };
    }
  | { readonly call_id: string; readonly name: string; readonly arguments: string }
  | { readonly id: string; readonly name: string; readonly input: unknown }
  | { readonly id?: string; readonly name: string; readonly args: unknown }
  | { readonly toolCallId: string; readonly toolName: string; readonly input: unknown };

/** A tool call that was let through, or is about to be: what `run` and `validate` get. */
export interface GuardedCall<Args = Record<string, unknown>> {
  /** As the model gave it; `undefined` where it gave none. */
  readonly id: string | undefined;
  readonly name: string;
  /** As the schema gives them back: with its defaults and conversions. */
  readonly arguments: Args;
  /** The innermost agent at work. */
  readonly agent: string | undefined;
}

/** A tool call in one shape, nothing of it checked yet. */
export interface ReadCall {
  readonly id: string | undefined;
  readonly name: string;
  readonly arguments: unknown;
}

/** Ids are echoed to the provider, which knows those that it made; a longer one is not from there. */
const MAX_ID = 256;
const UNREADABLE: ReadCall = { id: undefined, name: "", arguments: undefined };

/** Never throws: a call that cannot be read has an empty name, which no tool has. */
export function readToolCall(given: unknown): ReadCall {
  try {
    return read(given);
  } catch {
    // A getter of the user's, or a revoked proxy.
    return UNREADABLE;
  }
}

function read(given: unknown): ReadCall {
  if (!isObject(given)) return UNREADABLE;
  const id = [given.call_id, given.toolCallId, given.id].find((each) => typeof each === "string");
  const base = { id: typeof id === "string" && id.length <= MAX_ID ? id : undefined };
  if (isObject(given.function))
    return { ...base, name: nameOf(given.function.name), arguments: given.function.arguments };
  if (isObject(given.custom))
    return { ...base, name: nameOf(given.custom.name), arguments: { input: given.custom.input } };
  return {
    ...base,
    name: nameOf(given.toolName ?? given.name),
    arguments: [given.arguments, given.input, given.args].find((each) => each !== undefined),
  };
}

function nameOf(name: unknown): string {
  return typeof name === "string" ? name : "";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
