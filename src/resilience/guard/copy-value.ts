import { isStateObject } from "../failure-mark.ts";

/** Deeper parts are shared. */
const MAX_DEPTH = 200;

/**
 * A copy of plain data: lists, objects made with braces, dates, maps, sets and bytes, also where they contain themselves. Instances of
 * classes and functions stay what they are, and shared: nobody but their class knows how to copy them.
 */
export function copyValue<T>(value: T): T {
  return typeof value === "object" && value !== null ? (copied(value, 0, new Map()) as T) : value;
}

function copied(value: unknown, depth: number, made: Map<object, unknown>): unknown {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return value;
  if (made.has(value)) return made.get(value);
  const keep = <C>(copy: C): C => {
    made.set(value, copy);
    return copy;
  };
  const inner = (part: unknown): unknown => copied(part, depth + 1, made);
  if (Array.isArray(value)) return copyList(value, keep<unknown[]>([]), inner);
  if (isStateObject(value)) {
    return copyFields(value, keep(Object.create(Object.getPrototypeOf(value)) as object), inner);
  }
  return copyBuiltIn(value, keep, inner);
}

function copyList(list: readonly unknown[], copy: unknown[], inner: (part: unknown) => unknown): unknown {
  for (const item of list) copy.push(inner(item));
  return copy;
}

function copyFields(fields: object, copy: object, inner: (part: unknown) => unknown): object {
  const target = copy as Record<string, unknown>;
  for (const key of Object.keys(fields)) {
    const value = inner((fields as Record<string, unknown>)[key]);
    // A definition takes ten times as long as an assignment, and only one name needs it.
    if (key === "__proto__") setField(copy, key, value);
    else target[key] = value;
  }
  for (const symbol of Object.getOwnPropertySymbols(fields)) {
    setField(copy, symbol, inner(Reflect.get(fields, symbol)));
  }
  return copy;
}

function copyBuiltIn(value: object, keep: <C>(copy: C) => C, inner: (part: unknown) => unknown): unknown {
  switch (Object.getPrototypeOf(value)) {
    case Date.prototype:
      return keep(new Date(value as Date));
    case Map.prototype: {
      const copy = keep(new Map<unknown, unknown>());
      for (const [key, part] of value as Map<unknown, unknown>) copy.set(inner(key), inner(part));
      return copy;
    }
    case Set.prototype: {
      const copy = keep(new Set<unknown>());
      for (const part of value as Set<unknown>) copy.add(inner(part));
      return copy;
    }
    default:
      // A Buffer as well: its clone is a plain Uint8Array, so bytes are copied by their own class.
      if (value instanceof Uint8Array) return keep(Uint8Array.prototype.slice.call(value));
      return ArrayBuffer.isView(value) || value instanceof ArrayBuffer ? keep(structuredClone(value)) : value;
  }
}

/** Also for a field named `__proto__`, which an assignment would take for the prototype. */
export function setField(target: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}
