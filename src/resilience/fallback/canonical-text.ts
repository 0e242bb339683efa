import { isStateObject } from "../failure-mark.ts";

/** What stands deeper is no key any more. Also what ends a value that contains itself. */
const MAX_DEPTH = 32;
/** Values in all, so that a huge input does not hold the event loop. */
const MAX_VALUES = 100_000;

/** Says which part of a value is no plain data. */
export class NotPlainError extends TypeError {}

/**
 * One text for each value: equal for equal plain data, whatever the order of its keys, and different for all else (1 and "1", null and
 * undefined, a list and an object). Plain are primitives, dates, bytes, lists, and objects made with braces.
 *
 * No such text is the beginning of another one.
 *
 * @param leftOut A key that is passed over, at any depth.
 * @param path What to call the value in an error.
 * @throws NotPlainError that says what is not plain, and where.
 */
export function canonicalText(value: unknown, leftOut: string, path = "the value"): string {
  const writer = new Writer(leftOut);
  writer.write(value, path, 0);
  return writer.parts.join("");
}

class Writer {
  readonly parts: string[] = [];
  readonly #leftOut: string;
  #values = 0;

  constructor(leftOut: string) {
    this.#leftOut = leftOut;
  }

  write(value: unknown, path: string, depth: number): void {
    this.#values += 1;
    if (this.#values > MAX_VALUES) throw new NotPlainError(`the input has more than ${MAX_VALUES} values`);
    if (depth > MAX_DEPTH) {
      throw new NotPlainError(`${cut(path)} is nested more than ${MAX_DEPTH} deep, or in itself`);
    }
    if (typeof value === "object" && value !== null) this.#structure(value, path, depth);
    else this.parts.push(primitive(value, path));
  }

  #structure(value: object, path: string, depth: number): void {
    if (Array.isArray(value)) this.#list(value, path, depth);
    else if (isStateObject(value)) this.#object(value, path, depth);
    else if (value instanceof Date) this.parts.push(`d${value.getTime()};`);
    else if (ArrayBuffer.isView(value)) this.#bytes(value);
    else throw new NotPlainError(`${cut(path)} is an instance of ${classOf(value)}`);
  }

  #list(list: readonly unknown[], path: string, depth: number): void {
    this.parts.push("[");
    for (let i = 0; i < list.length; i++) this.write(list[i], `${path}[${i}]`, depth + 1);
    this.parts.push("]");
  }

  #object(value: Record<string, unknown>, path: string, depth: number): void {
    if (Object.getOwnPropertySymbols(value).length > 0)
      throw new NotPlainError(`${cut(path)} has a symbol for a key`);
    this.parts.push("{");
    for (const key of Object.keys(value).sort()) {
      if (key === this.#leftOut) continue;
      this.parts.push(JSON.stringify(key), ":");
      this.write(value[key], `${path}.${key}`, depth + 1);
    }
    this.parts.push("}");
  }

  #bytes(view: ArrayBufferView): void {
    const bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength);
    this.parts.push(`b${classOf(view)}:${bytes.toString("base64")};`);
  }
}

function primitive(value: unknown, path: string): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      return `n${value};`;
    case "bigint":
      return `i${value};`;
    case "boolean":
      return value ? "t" : "f";
    case "undefined":
      return "u";
    case "object":
      return "0";
    default:
      throw new NotPlainError(`${cut(path)} is a ${typeof value}`);
  }
}

function cut(path: string): string {
  return path.length > 64 ? `${path.slice(0, 64)}…` : path;
}

export function classOf(value: object): string {
  const name: unknown = Object.getPrototypeOf(value)?.constructor?.name;
  return typeof name === "string" && name !== "" ? name.slice(0, 64) : "object of an unnamed class";
}
