import type { ContentPart } from "../agent/content/message.ts";
import { field, text } from "./fields.ts";

/** Characters that are kept of a stream: of texts more than is recorded, arguments have to be whole to be read. */
const MAX_TEXT = 65_536;
const MAX_ARGUMENTS = 1_048_576;

/** @returns No part for a text that is empty. */
export function textParts(
  content: unknown,
  type: "text" | "reasoning" | "refusal" = "text",
): readonly ContentPart[] {
  return typeof content === "string" && content !== "" ? [{ type, content }] : [];
}

/** The arguments that a model wrote as JSON, as an object where they are valid. */
export function parsedArguments(written: unknown): unknown {
  if (typeof written !== "string" || written.length >= MAX_ARGUMENTS) return written;
  try {
    return JSON.parse(written);
  } catch {
    return written;
  }
}

/** What is given as bytes is told by its size, what is given by address or id by its kind alone. */
export function mediaPart(
  modality: string,
  source: { data?: unknown; mime?: unknown; file?: unknown },
): ContentPart {
  const { data, mime, file } = source;
  const said = typeof mime === "string" ? { modality, mime_type: mime } : { modality };
  if (typeof data === "string") return blobPart(modality, data, mime);
  return { type: typeof file === "string" ? "file" : "uri", ...said };
}

/** @param data Base64, a data URL with it, or an address. */
function blobPart(modality: string, data: string, mime: unknown): ContentPart {
  if (/^https?:/i.test(data)) return { type: "uri", modality };
  const comma = data.startsWith("data:") ? data.indexOf(",") : -1;
  const named = comma < 0 ? undefined : /^data:([^;,]+)/.exec(data.slice(0, 128))?.[1];
  const mime_type = named ?? (typeof mime === "string" ? mime : undefined);
  const byte_size = Math.floor(((data.length - comma - 1) * 3) / 4);
  return { type: "blob", modality, ...(mime_type === undefined ? {} : { mime_type }), byte_size };
}

/** A part that the conventions have no shape for. */
export function otherPart(source: unknown): ContentPart {
  return { type: text(source, "type") ?? "unknown" };
}

/** A field that comes in pieces. What is longer than any that is recorded is not kept. */
export function appendText(
  target: Record<string, unknown>,
  name: string,
  piece: unknown,
  maxLength: number = MAX_TEXT,
): void {
  if (typeof piece !== "string") return;
  const known = field(target, name);
  const before = typeof known === "string" ? known : "";
  if (before.length < maxLength) target[name] = (before + piece).slice(0, maxLength);
}

/** The same for arguments. */
export function appendArguments(target: Record<string, unknown>, name: string, piece: unknown): void {
  appendText(target, name, piece, MAX_ARGUMENTS);
}
