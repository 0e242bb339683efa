import type { IncomingMessage } from "node:http";

export type RequestBody =
  | { readonly kind: "none" }
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "not_json"; readonly text: string }
  | { readonly kind: "too_large" };

/** @throws when the client goes away before it has sent everything. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<RequestBody> {
  return bodyOf(await readBytes(request, maxBytes));
}

/** @returns `undefined` where there are more than that. @throws when the client goes away before it has sent everything. */
export async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  let bytes = 0;
  const parts: Buffer[] = [];
  // Too much is read on and forgotten: a client that is still sending would miss the answer.
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes <= maxBytes) parts.push(part);
  }
  return bytes > maxBytes ? undefined : Buffer.concat(parts);
}

export function bodyOf(bytes: Buffer | undefined): RequestBody {
  return bytes === undefined ? { kind: "too_large" } : parse(bytes.toString("utf8"));
}

function parse(text: string): RequestBody {
  if (text === "") return { kind: "none" };
  try {
    return { kind: "json", value: JSON.parse(text) };
  } catch {
    return { kind: "not_json", text };
  }
}
