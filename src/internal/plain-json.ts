/** Plain JSON. Properties that are `undefined` count as left out. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

export interface JsonLimits {
  /** Of the text, in UTF-8. @default 1 MiB */
  readonly maxBytes?: number;
  /** Levels of lists and objects in one another. @default 64 */
  readonly maxDepth?: number;
  /** Lists, objects and values in all. @default 100_000 */
  readonly maxNodes?: number;
}

const MAX_BYTES = 1_048_576;
const MAX_DEPTH = 64;
const MAX_NODES = 100_000;
/** They reach the prototype of what they are assigned to, in this program or in the next one that reads them. */
const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/**
 * The JSON text of a value that survives being written and read as it is.
 *
 * @param what Begins the message and the path, as `sharedState: value`.
 * @throws TypeError that names the path to the bad part: `sharedState: value.user.since must be plain JSON, got a Date`. RangeError where it
 *   is too large or too deep.
 */
export function jsonText(what: string, value: unknown, limits: JsonLimits = {}): string {
  new Walk(what, limits).check(value, what, 0, []);
  const text = JSON.stringify(value);
  const { maxBytes = MAX_BYTES } = limits;
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes)
    throw new RangeError(`${what} must have at most ${maxBytes} bytes as JSON, got ${bytes}`);
  return text;
}

/**
 * Reads a text of a store, which may have been changed by others.
 *
 * @throws TypeError, RangeError, as `jsonText`; SyntaxError where it is no JSON.
 */
export function parseJson(what: string, text: string, limits: JsonLimits = {}): unknown {
  const { maxBytes = MAX_BYTES } = limits;
  // A character is a byte or more, so that nothing huge is measured.
  if (text.length > maxBytes)
    throw new RangeError(`${what} must have at most ${maxBytes} bytes as JSON, got ${text.length} or more`);
  const value: unknown = JSON.parse(text);
  new Walk(what, limits).check(value, what, 0, []);
  return value;
}

/** Whether it is an object with keys and values, as JSON has them. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || isForeignObject(prototype);
}

/** `Object.prototype` of another realm, as in a `vm` context or a worker's test runner. */
function isForeignObject(prototype: unknown): boolean {
  return (
    typeof prototype === "object" &&
    prototype !== null &&
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, "isPrototypeOf")
  );
}

class Walk {
  readonly #what: string;
  readonly #maxDepth: number;
  readonly #maxNodes: number;
  #nodes = 0;

  constructor(what: string, { maxDepth = MAX_DEPTH, maxNodes = MAX_NODES }: JsonLimits) {
    this.#what = what;
    this.#maxDepth = maxDepth;
    this.#maxNodes = maxNodes;
  }

  /** @param above The objects that it stands in, so that a ring is found. */
  check(value: unknown, path: string, depth: number, above: readonly object[]): void {
    this.#nodes += 1;
    if (this.#nodes > this.#maxNodes)
      throw new RangeError(`${this.#what} must have at most ${this.#maxNodes} values in all`);
    if (isScalar(value)) return;
    const isList = Array.isArray(value);
    if (!isList && !isPlainObject(value))
      throw new TypeError(`${path} must be plain JSON, got ${kindOf(value)}`);
    if (above.includes(value))
      throw new TypeError(`${path} must be plain JSON, got an object that holds itself`);
    if (depth >= this.#maxDepth)
      throw new RangeError(
        `${this.#what} must be at most ${this.#maxDepth} levels deep; ${shortened(path)} is deeper`,
      );
    const inside = [...above, value];
    if (isList) this.#checkList(value, path, depth + 1, inside);
    else this.#checkObject(value, path, depth + 1, inside);
  }

  #checkList(list: readonly unknown[], path: string, depth: number, above: readonly object[]): void {
    // By number: a hole is skipped by other ways to look.
    for (let i = 0; i < list.length; i++) this.check(list[i], `${path}[${i}]`, depth, above);
  }

  #checkObject(object: Record<string, unknown>, path: string, depth: number, above: readonly object[]): void {
    for (const key of Reflect.ownKeys(object)) {
      if (typeof key === "symbol")
        throw new TypeError(`${path} must be plain JSON, got a key that is a symbol`);
      const here = IDENTIFIER.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
      if (FORBIDDEN.has(key)) throw new TypeError(`${here} must not be there: the key ${key} is not allowed`);
      const property = Object.getOwnPropertyDescriptor(object, key);
      // A getter can give another value the next time.
      if (property?.get !== undefined || property?.set !== undefined)
        throw new TypeError(`${here} must be plain JSON, got a getter or setter`);
      if (property?.enumerable === true && property.value !== undefined)
        this.check(property.value, here, depth, above);
    }
  }
}

function isScalar(value: unknown): boolean {
  return (
    value === null ||
    typeof value === "string" ||
    typeof value === "boolean" ||
    (typeof value === "number" && Number.isFinite(value))
  );
}

function kindOf(value: unknown): string {
  if (value === undefined) return "undefined";
  if (typeof value === "number" || typeof value === "bigint") return `${value} (${typeof value})`;
  if (typeof value !== "object" || value === null) return `a ${typeof value}`;
  const { name = "" } =
    (Object.getPrototypeOf(value) as { constructor?: { name?: string } }).constructor ?? {};
  return name === "" ? "an object of a class" : `${/^[AEIOU]/.test(name) ? "an" : "a"} ${name}`;
}

function shortened(path: string): string {
  return path.length > 120 ? `${path.slice(0, 120)}…` : path;
}
