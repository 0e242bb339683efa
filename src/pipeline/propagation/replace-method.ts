type Method = (this: unknown, ...args: readonly unknown[]) => unknown;

/**
 * Puts `wrap(original)` in the place of a method. A method that was inherited stays inherited for the original: it is looked up at
 * each call, so that what others put there later still runs.
 *
 * @returns What puts the original back, where nobody has wrapped ours since; else ours stays and must pass through by itself.
 */
export function replaceMethod(target: object, name: string, wrap: (original: Method) => Method): () => void {
  const own = Object.getOwnPropertyDescriptor(target, name);
  const original: Method = function (...args) {
    const method = own === undefined ? Reflect.get(Object.getPrototypeOf(target) as object, name) : own.value;
    return Reflect.apply(method as Method, this, args);
  };
  const ours = wrap(original);
  Object.defineProperty(target, name, {
    configurable: true,
    enumerable: own?.enumerable ?? true,
    writable: true,
    value: ours,
  });
  return () => {
    if (Object.getOwnPropertyDescriptor(target, name)?.value !== ours) return;
    if (own === undefined) Reflect.deleteProperty(target, name);
    else Object.defineProperty(target, name, own);
  };
}
