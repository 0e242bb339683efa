import type { z } from "@hono/zod-openapi";
import { parseJson } from "../../internal/plain-json.ts";
import { Refusal } from "../problem/refusal.ts";
import { shown } from "../problem/shown.ts";

const MAX_BYTES = 65_536;
const LIMITS = { maxBytes: MAX_BYTES, maxDepth: 16, maxNodes: 1_000 };
const JSON_TYPE = /^application\/json *(?:; *charset="?utf-8"? *)?$/i;

/** The body of a POST. An empty one is an object without fields. @throws Refusal */
export async function readBody(request: Request, schema: z.ZodObject): Promise<unknown> {
  const type = request.headers.get("content-type");
  if (type === null || !JSON_TYPE.test(type))
    throw new Refusal(
      "unsupported_media_type",
      `Content-Type must be application/json, got ${shown(type ?? undefined)}`,
    );
  const value = jsonOf(await textOf(request));
  const result = schema.strict().safeParse(value);
  if (result.success) return result.data;
  throw badField(result.error.issues[0]!, value, Object.keys(schema.shape));
}

function badField(issue: z.core.$ZodIssue, value: unknown, known: readonly string[]): Refusal {
  const allowed = known.length === 0 ? "none is known here" : `known are ${known.join(", ")}`;
  if (issue.code === "unrecognized_keys")
    return new Refusal("bad_body", `there is no field ${shown(issue.keys[0])}; ${allowed}`);
  const [field] = issue.path;
  if (field === undefined)
    return new Refusal("bad_body", `the body must be a JSON object, got ${shown(value)}`);
  const given = (value as Record<PropertyKey, unknown>)[field];
  const name = String(field);
  return new Refusal("bad_body", `${name} ${issue.message}, got ${shown(given)}`, { parameter: name });
}

function jsonOf(text: string): unknown {
  if (text.trim() === "") return {};
  try {
    return parseJson("body", text, LIMITS);
  } catch (error) {
    // A SyntaxError shows a piece of the text, whose beginning may be a secret.
    const reason = error instanceof SyntaxError ? "the body must be JSON" : (error as Error).message;
    throw new Refusal("bad_body", reason);
  }
}

/** Read no further than is allowed, whatever Content-Length says. */
async function textOf(request: Request): Promise<string> {
  const { body } = request;
  if (body === null) return "";
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop early cancels the rest.
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES)
      throw new Refusal("body_too_large", `the body must have at most ${MAX_BYTES} bytes, got more`);
    chunks.push(chunk);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new Refusal("bad_body", "the body must be UTF-8");
  }
}
