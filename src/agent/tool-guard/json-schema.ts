import { createRequire } from "node:module";
import type { JsonSchema, StandardSchema } from "./schema.ts";

/** The part of zod that reads JSON Schema: its own types would come with all of zod's. */
interface Zod {
  fromJSONSchema(schema: JsonSchema): StandardSchema;
}

/** `undefined` before the first schema of this kind. One per process. */
let zod: Zod | undefined;

/**
 * zod reads JSON Schema, and is loaded for the first one: 60 ms that a program without any should not pay. Synchronously, so that
 * a bad schema is known when the guard is built.
 *
 * @throws TypeError that names `option`, where the schema has what zod does not know (`if`, `unevaluatedProperties`, a `$ref` to another
 *   document), or where zod cannot be loaded, as in a bundle without node_modules.
 */
export function readJsonSchema(option: string, schema: JsonSchema): StandardSchema {
  try {
    zod ??= createRequire(import.meta.url)("zod") as Zod;
  } catch (cause) {
    throw new TypeError(`${option}: JSON Schema needs the package zod; give a schema of zod instead`, {
      cause,
    });
  }
  try {
    return zod.fromJSONSchema(schema);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : "unknown";
    throw new TypeError(`${option} cannot be read as JSON Schema: ${why}`, { cause });
  }
}
