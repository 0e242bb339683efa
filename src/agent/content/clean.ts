import { redactText } from "../../internal/redact.ts";
import { reportFailure } from "../../internal/warn-once.ts";

const MAX_DEPTH = 16;
const DATA_URL = /^data:([\w.+-]+\/[\w.+-]+)?[^,]{0,128};base64,/i;
const SECRET_KEY =
  /(?:api[ _-]?key|token|secret|password|passwd|authorization|credentials?|cookie|private[ _-]?key)$/i;
const REDACTED = "[redacted]";

/**
 * Makes a text fit for telemetry: secrets are replaced, and it is cut to `maxLength` characters. All content goes through
 * here. Fails closed: a text that cannot be cleared is not recorded.
 */
export function cleanText(text: string, maxLength: number): string {
  try {
    const inlined = DATA_URL.exec(text);
    if (inlined !== null) return `[${inlined[1] ?? "data"}, ${text.length} characters]`;
    // Redacted before it is cut, so that no half of a secret is left at the end; and not all of a very long text.
    return cut(redactText(text.slice(0, 2 * maxLength + 256)), maxLength);
  } catch (error) {
    reportFailure("redacting content", error);
    return REDACTED;
  }
}

function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const last = text.charCodeAt(maxLength - 2);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return `${text.slice(0, Math.max(0, maxLength - (splitsPair ? 2 : 1)))}…`;
}

/**
 * Copies values into plain JSON data, cleaned, until a number of bytes is used up. What it gives is bounded whatever goes in:
 * cycles, getters that throw, buffers, a million keys.
 */
export class Cleaner {
  #left: number;

  /** @param maxBytes Of the JSON of all that it gives. */
  constructor(maxBytes: number) {
    this.#left = maxBytes;
  }

  /** Nothing more will be copied. */
  get spent(): boolean {
    return this.#left <= 0;
  }

  /** @param key Under which it stands: what is named as a secret is one. @returns `undefined` for what JSON has no word for. */
  value(value: unknown, key = "", depth = 0): unknown {
    if (typeof value === "string") return this.#text(SECRET_KEY.test(key) ? REDACTED : value);
    if (typeof value === "number" || typeof value === "bigint") {
      if (SECRET_KEY.test(key)) return this.#text(REDACTED);
      this.#left -= 20;
      return typeof value === "number" && Number.isFinite(value) ? value : String(value);
    }
    if (typeof value === "boolean" || value === null) {
      this.#left -= 5;
      return value;
    }
    if (typeof value !== "object") return undefined;
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return this.#blob(value.byteLength);
    if (depth >= MAX_DEPTH) return this.#text("[too deep]");
    this.#left -= 2;
    return Array.isArray(value) ? this.#list(value, key, depth) : this.#object(value, key, depth);
  }

  #list(list: readonly unknown[], key: string, depth: number): unknown[] {
    const copy: unknown[] = [];
    for (let i = 0; i < list.length; i++) {
      if (this.spent) {
        copy.push(`[${list.length - i} more]`);
        break;
      }
      copy.push(this.value(list[i], key, depth + 1) ?? null);
      this.#left -= 1;
    }
    return copy;
  }

  #object(source: object, key: string, depth: number): unknown {
    const { toJSON } = source as { toJSON?: unknown };
    if (typeof toJSON === "function") return this.value(toJSON.call(source, key), key, depth + 1);
    const entries: [string, unknown][] = [];
    for (const name of Object.keys(source)) {
      if (this.spent) break;
      // The key is a text of the user's as well.
      const label = cleanText(name, 128);
      const copy = this.value((source as Record<string, unknown>)[name], name, depth + 1);
      if (copy === undefined) continue;
      this.#left -= jsonBytes(label) + 2;
      entries.push([label, copy]);
    }
    return Object.fromEntries(entries);
  }

  #blob(bytes: number): unknown {
    this.#left -= 40;
    return { type: "blob", byte_size: bytes };
  }

  #text(text: string): string {
    // At least a mark, so that what was there and is left out can be told from what was empty.
    let length = Math.max(1, this.#left);
    let clean = cleanText(text, length);
    let bytes = jsonBytes(clean);
    while (bytes > this.#left && clean.length > 1) {
      // Characters of several bytes: half as long at the most, so that this ends soon.
      length = Math.max(1, Math.min(clean.length >> 1, Math.floor((clean.length * this.#left) / bytes)));
      clean = cut(clean, length);
      bytes = jsonBytes(clean);
    }
    this.#left -= bytes;
    return clean;
  }
}

export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? "");
}
