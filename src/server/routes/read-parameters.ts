import type { z } from "@hono/zod-openapi";
import { Refusal } from "../problem/refusal.ts";
import { shown } from "../problem/shown.ts";

/** @throws Refusal that names the parameter, what is allowed, and what was given. */
export function readQuery(url: string, schema: z.ZodObject): unknown {
  const given = new URL(url).searchParams;
  const known = Object.keys(schema.shape);
  for (const name of new Set(given.keys())) {
    if (!known.includes(name)) throw unknownParameter(name, known);
    const values = given.getAll(name);
    if (values.length > 1)
      throw new Refusal("bad_parameter", `${name} must be given once, got ${values.length} values`, {
        parameter: name,
      });
  }
  return read(Object.fromEntries(given), schema);
}

/** @param params By name, decoded. @throws Refusal, as `readQuery`. */
export function readPath(params: Readonly<Record<string, string>>, schema: z.ZodObject): unknown {
  return read(params, schema);
}

function read(values: Readonly<Record<string, string>>, schema: z.ZodObject): unknown {
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  const name = String(path[0] ?? "");
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  throw new Refusal("bad_parameter", `${name} ${message}, got ${shown(value)}`, { parameter: name });
}

function unknownParameter(name: string, known: readonly string[]): Refusal {
  const allowed = known.length === 0 ? "none is known here" : `known are ${known.join(", ")}`;
  return new Refusal("bad_parameter", `there is no parameter ${shown(name)}; ${allowed}`, {
    parameter: name.slice(0, 64).toWellFormed(),
  });
}
