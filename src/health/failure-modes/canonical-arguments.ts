/** What cannot be read to its end within these has no digest: half a digest would make different calls equal. */
const MAX_CHARACTERS = 262_144;
const MAX_VALUES = 10_000;
const MAX_DEPTH = 32;
/** What frameworks hand to a tool beside its arguments: ids of this one call, the history, a signal. */
const CALL_IDS = ["toolCallId", "tool_call_id", "callId", "call_id"];

/**
 * One text for equal arguments, whatever the order of their keys. Reads nothing that runs code of the program: of a getter or a proxy
 * that throws there is no text.
 *
 * @returns `undefined` where they are too many, too large or too deep, hold themselves, or cannot be read.
 */
export function canonicalArguments(args: readonly unknown[]): string | undefined {
  try {
    const writer = new Writer();
    for (let i = 0; i < args.length; i++) {
      if (i > 0 && isCallInfo(args[i])) continue;
      writer.value(args[i], 0);
    }
    return writer.text;
  } catch {
    return undefined;
  }
}

class Unreadable extends Error {}

class Writer {
  text = "";
  #values = 0;

  value(value: unknown, depth: number): void {
    this.#values += 1;
    if (this.#values > MAX_VALUES || depth > MAX_DEPTH) throw new Unreadable();
    if (typeof value === "string") this.#string(value);
    else if (typeof value === "bigint") this.#bigint(value);
    else if (typeof value === "object" && value !== null) this.#object(value, depth);
    else this.#add(plainText(value));
  }

  #add(text: string): void {
    this.text += text;
    if (this.text.length > MAX_CHARACTERS) throw new Unreadable();
  }

  /** With its length, so that no text can look like the end of another. Measured before it is copied. */
  #string(text: string): void {
    if (text.length > MAX_CHARACTERS) throw new Unreadable();
    this.#add(`s${text.length}:${text};`);
  }

  #bigint(value: bigint): void {
    // To write one out takes the square of its length.
    if (BigInt.asIntN(4_096, value) !== value) throw new Unreadable();
    this.#add(`b${value};`);
  }

  #object(value: object, depth: number): void {
    const known = knownText(value);
    if (known !== undefined) this.#add(known);
    else if (Array.isArray(value)) this.#list(value, depth);
    else if (ArrayBuffer.isView(value)) this.#bytes(value);
    else if (value instanceof Map || value instanceof Set) this.#collection(value, depth);
    else this.#properties(value, depth);
  }

  #list(list: readonly unknown[], depth: number): void {
    if (list.length > MAX_VALUES) throw new Unreadable();
    this.#add("[");
    for (let i = 0; i < list.length; i++) this.value(ownValue(list, String(i)), depth + 1);
    this.#add("]");
  }

  #properties(object: object, depth: number): void {
    const keys = Object.keys(object);
    if (keys.length > MAX_VALUES) throw new Unreadable();
    this.#add("{");
    for (const key of keys.length > 1 ? keys.sort() : keys) {
      const inner = ownValue(object, key);
      if (inner === undefined) continue;
      this.#string(key);
      this.value(inner, depth + 1);
    }
    this.#add("}");
  }

  #bytes(view: ArrayBufferView): void {
    if (view.byteLength > MAX_CHARACTERS) throw new Unreadable();
    this.#string(Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString("latin1"));
  }

  #collection(values: Map<unknown, unknown> | Set<unknown>, depth: number): void {
    if (values.size > MAX_VALUES) throw new Unreadable();
    this.#add("(");
    for (const [key, value] of values.entries()) {
      this.value(key, depth + 1);
      if (key !== value) this.value(value, depth + 1);
    }
    this.#add(")");
  }
}

/** Functions and symbols say nothing that could be compared. */
function plainText(value: unknown): string {
  if (value === null) return "z;";
  if (typeof value === "boolean") return value ? "t;" : "f;";
  return typeof value === "number" ? `n${value === 0 ? 0 : value};` : "u;";
}

/** A getter may do anything, and give another value the next time. */
function ownValue(object: object, key: string): unknown {
  const property = Object.getOwnPropertyDescriptor(object, key);
  if (property?.get !== undefined) throw new Unreadable();
  return property?.value;
}

function knownText(value: object): string | undefined {
  if (value instanceof Date) return `d${value.getTime()};`;
  if (value instanceof AbortSignal) return "u;";
  if (value instanceof URL) return `l${value.href.length > MAX_CHARACTERS ? "" : value.href};`;
  if (value instanceof RegExp) return `r${value.source}/${value.flags};`;
  return undefined;
}

function isCallInfo(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return CALL_IDS.some((key) => Object.getOwnPropertyDescriptor(value, key)?.value !== undefined);
}
