import type { CreateEmbeddingResponse } from "openai/resources/embeddings";
import type { Reply } from "../reply.ts";
import type { WireFormat } from "../wire-format.ts";
import { openaiVendor } from "./vendor.ts";

const DEFAULT_DIMENSIONS = 8;

/** `POST /v1/embeddings`. Short vectors unless the request says `dimensions`: nobody reads 1,536 numbers in a test. */
export const openaiEmbeddings: WireFormat = {
  protocol: "openai.embeddings",
  path: "/v1/embeddings",
  vendor: openaiVendor,
  idPrefix: "embd-",
  plain: embeddingResponse,
};

function embeddingResponse(reply: Reply): object {
  const { body } = reply.request;
  const vectors = reply.embeddings ?? inputs(body["input"]).map((text) => vector(text, dimensions(body)));
  // The client asks for base64 unless told otherwise, and decodes it.
  const encode = body["encoding_format"] === "base64" ? base64 : (values: readonly number[]) => values;
  const tokens = reply.usage?.input ?? 0;
  const usage = { prompt_tokens: tokens, total_tokens: tokens } satisfies CreateEmbeddingResponse["usage"];
  return {
    object: "list",
    model: reply.model,
    data: vectors.map((values, index) => ({ object: "embedding", index, embedding: encode(values) })),
    ...(reply.usage ? { usage: { ...usage, ...reply.wireUsage } } : {}),
  };
}

/** One string per input: a text, or the numbers of its tokens. */
function inputs(input: unknown): readonly string[] {
  if (!Array.isArray(input)) return [String(input)];
  return typeof input[0] === "number" ? [input.join(" ")] : input.map(String);
}

function dimensions(body: Reply["request"]["body"]): number {
  const asked = body["dimensions"];
  return typeof asked === "number" && asked >= 1 ? Math.floor(asked) : DEFAULT_DIMENSIONS;
}

/** A unit vector that depends on nothing but the text. */
function vector(text: string, length: number): readonly number[] {
  let state = 2166136261; // FNV-1a
  for (const byte of Buffer.from(text)) state = Math.imul(state ^ byte, 16777619);
  const values = Array.from({ length }, () => {
    state = Math.imul(state ^ (state >>> 15), 2246822519) + 1;
    return (state | 0) / 2 ** 31;
  });
  const norm = Math.hypot(...values) || 1;
  return values.map((value) => value / norm);
}

function base64(values: readonly number[]): string {
  return Buffer.from(Float32Array.from(values).buffer).toString("base64");
}
