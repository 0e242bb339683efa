/** On every method that we put in place, so that a module loaded twice is patched once. */
const PATCHED = Symbol.for("agent-otel.logger");

export type Method = (this: object, ...args: unknown[]) => unknown;

/** Replaces a method of a logger's prototype in place, so that loggers that are there already have it as well. */
export function patchMethod(
  prototype: object,
  key: string | symbol,
  wrap: (original: Method) => Method,
): void {
  const original = Reflect.get(prototype, key) as Method & { [PATCHED]?: true };
  if (typeof original !== "function") throw new TypeError(`${String(key)} is no method`);
  if (original[PATCHED]) return;
  const patched: Method & { [PATCHED]?: true } = wrap(original);
  patched[PATCHED] = true;
  Object.defineProperty(patched, "name", { value: original.name, configurable: true });
  Object.defineProperty(patched, "length", { value: original.length, configurable: true });
  Object.defineProperty(prototype, key, {
    enumerable: false,
    configurable: true,
    writable: true,
    ...Object.getOwnPropertyDescriptor(prototype, key),
    value: patched,
  });
}

/** @returns The object of the prototype chain that has `key` itself. */
export function ownerOf(logger: unknown, key: string | symbol): object | undefined {
  if (typeof logger !== "object") return undefined;
  let found: object | null = logger;
  while (found !== null && !Object.hasOwn(found, key)) found = Object.getPrototypeOf(found) as object | null;
  return found ?? undefined;
}
