import { deserialize, serialize } from "../../internal/late-builtins.ts";
import { FAILURE_FIELD, isStateObject } from "../failure-mark.ts";
import { classOf, NotPlainError } from "./canonical-text.ts";

const MAX_DEPTH = 200;

/** Of these the structured clone algorithm makes a copy of the same class; of a subclass it does not. */
const COPIED: readonly object[] = [Date.prototype, RegExp.prototype, ArrayBuffer.prototype];

/** A value as it was, whatever becomes of the object: kept as bytes, in the format of the structured clone algorithm. */
export class StoredCopy {
  readonly #bytes: Buffer;

  /** @throws NotPlainError where a copy would be another thing than the value: functions, class instances, an answer that is marked as failed. */
  constructor(value: unknown) {
    checkCopied(value, 0, new Set());
    this.#bytes = serialize(value);
  }

  /** What it takes. */
  get size(): number {
    return this.#bytes.byteLength;
  }

  /** A new one each time, so that no caller can change what another one gets. */
  value(): unknown {
    return deserialize(this.#bytes);
  }
}

function checkCopied(value: unknown, depth: number, seen: Set<object>): void {
  if (typeof value === "function" || typeof value === "symbol") {
    throw new NotPlainError(`the answer holds a ${typeof value}`);
  }
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  if (depth > MAX_DEPTH) throw new NotPlainError(`the answer is nested more than ${MAX_DEPTH} deep`);
  seen.add(value);
  for (const inner of inside(value)) checkCopied(inner, depth + 1, seen);
}

function inside(value: object): Iterable<unknown> {
  if (Array.isArray(value)) return value;
  if (isStateObject(value)) {
    if (Object.hasOwn(value, FAILURE_FIELD)) throw new NotPlainError("the answer is marked as failed");
    return Object.values(value);
  }
  const prototype: object = Object.getPrototypeOf(value);
  if (prototype === Map.prototype) return [...(value as Map<unknown, unknown>)].flat();
  if (prototype === Set.prototype) return value as Set<unknown>;
  if (COPIED.includes(prototype) || ArrayBuffer.isView(value)) return [];
  throw new NotPlainError(`the answer holds an instance of ${classOf(value)}`);
}
