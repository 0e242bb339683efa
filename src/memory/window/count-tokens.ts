import type { ChatMessage } from "./chat-message.ts";

/**
 * Counts a message, all of it: also what the provider adds for each.
 *
 * @param text What of the message a model reads: its text, tool calls and results; no images.
 */
export type CountTokens<M> = (text: string, message: M) => number;

/** OpenAI's own recipe has 3 for each message and 1 for a name; Anthropic's is not published. */
const MESSAGE_TOKENS = 4;
/** English has 4 to 5 bytes a token, code 3 to 4, Chinese and Japanese about 3, in the tokenizers of today. */
const BYTES_A_TOKEN = 3;
/** More than the providers ask for an image at their usual detail. */
const IMAGE_TOKENS = 5_000;
const IMAGES = new Set<unknown>(["image", "image_url"]);

interface Read {
  readonly text: string;
  readonly images: number;
}

/**
 * @param count The program's own, or `undefined` for the estimate: a token for each 3 bytes of UTF-8, 4 for the message, 5,000 for an image.
 * @param where What the message is called in errors.
 * @throws TypeError where a message is no plain JSON; RangeError where `count` gives anything but a number from 0.
 */
export function tokensOf<M extends ChatMessage>(
  where: string,
  message: M,
  count: CountTokens<M> | undefined,
): number {
  const { text, images } = read(where, message);
  if (count === undefined)
    return Math.ceil(Buffer.byteLength(text) / BYTES_A_TOKEN) + MESSAGE_TOKENS + images * IMAGE_TOKENS;
  const counted: unknown = count(text, message);
  if (typeof counted === "number" && counted >= 0 && Number.isFinite(counted)) return Math.ceil(counted);
  throw new RangeError(`windowMemory: countTokens must give a number from 0, got ${String(counted)}`);
}

function read(where: string, { role: _, content, ...others }: ChatMessage): Read {
  let images = 0;
  const withoutImages = (_key: string, value: unknown): unknown => {
    if (!IMAGES.has((value as { type?: unknown } | null | undefined)?.type)) return value;
    images += 1;
    return undefined;
  };
  const texts: string[] = [];
  const add = (value: unknown): void => {
    if (typeof value === "string") texts.push(value);
    else texts.push(JSON.stringify(value, withoutImages) ?? "");
  };
  try {
    if (Array.isArray(content)) for (const part of content) add(plainText(part) ?? part);
    else if (content !== undefined && content !== null) add(content);
    for (const value of Object.values(others)) if (value !== undefined && value !== null) add(value);
  } catch {
    throw new TypeError(`${where} must be plain JSON`);
  }
  return { text: texts.join("\n"), images };
}

function plainText(part: unknown): string | undefined {
  const { type, text } = part as { type?: unknown; text?: unknown };
  return type === "text" && typeof text === "string" ? text : undefined;
}
