import type { Endpoint, PatchTarget } from "./endpoint.ts";
import { field } from "./fields.ts";

/**
 * An object made only to find the classes behind it, which a library does not export.
 *
 * @param options With a key that is never sent anywhere.
 * @param type The class.
 * @returns `undefined` where the constructor is none, or refuses.
 */
export function specimen(type: unknown, options: object): object | undefined {
  if (typeof type !== "function") return undefined;
  try {
    const made: unknown = Reflect.construct(type, [options]);
    return typeof made === "object" && made !== null ? made : undefined;
  } catch {
    return undefined;
  }
}

/** The method on the class that defines it, so that all who inherit it are seen; nothing where there is no such method. */
export function methodTarget(object: unknown, method: string, endpoint: Endpoint): readonly PatchTarget[] {
  if (typeof field(object, method) !== "function") return [];
  let prototype = object as object | null;
  while (prototype !== null && !Object.hasOwn(prototype, method)) {
    prototype = Object.getPrototypeOf(prototype) as object | null;
  }
  return prototype === null ? [] : [{ prototype, method, endpoint }];
}
