import { REDACTED } from "../../internal/redact/mark.ts";
import { isSecretName } from "../../internal/redact/secret-names.ts";
import { cutText, redactBeginning } from "../../internal/redact.ts";

const MAX_DEPTH = 8;
const DATA_URL = /^data:([\w.+-]+\/[\w.+-]+)?[^,]{0,128};base64,/i;
/** What cannot be read: a getter or a `toJSON` that throws, an object that contains itself. */
const UNSERIALIZABLE = "[unserializable]";

/**
 * Makes a text fit for telemetry: secrets are replaced, and it is cut to `maxLength` characters. All content goes through
 * here. Fails closed: a text that cannot be cleared is not recorded.
 */
export function cleanText(text: string, maxLength: number): string {
  const inlined = DATA_URL.exec(text);
  if (inlined !== null) return `[${inlined[1] ?? "data"}, ${text.length} characters]`;
  // Redacted before it is cut, so that no half of a secret is left at the end; and not all of a very long text.
  return cutText(redactBeginning(text, 2 * maxLength + 256, "content"), maxLength);
}

/**
 * Copies values into plain JSON data, cleaned, until a number of bytes is used up. What it gives is bounded whatever goes in:
 * cycles, getters that throw, buffers, a million keys. What is left out is said to be. Never throws.
 */
export class Cleaner {
  #left: number;
  /** Objects that are being copied, outermost first. */
  readonly #around: object[] = [];

  /** @param maxBytes Of the JSON of all that it gives. */
  constructor(maxBytes: number) {
    this.#left = maxBytes;
  }

  /** Nothing more will be copied. */
  get spent(): boolean {
    return this.#left <= 0;
  }

  /** @param key Under which it stands: what is named as a secret is one. @returns `undefined` for what JSON has no word for. */
  value(value: unknown, key = ""): unknown {
    if (value === null || typeof value === "boolean") {
      this.#left -= 5;
      return value;
    }
    if (isSecretName(key)) return value === undefined ? undefined : this.#text(REDACTED);
    if (typeof value === "string") return this.#text(value);
    if (typeof value === "number" || typeof value === "bigint") {
      this.#left -= 20;
      return typeof value === "number" && Number.isFinite(value) ? value : String(value);
    }
    return typeof value === "object" ? this.#structure(value, key) : undefined;
  }

  #structure(value: object, key: string): unknown {
    if (this.#around.length >= MAX_DEPTH) return this.#text("[too deep]");
    if (this.#around.includes(value)) return this.#text(UNSERIALIZABLE);
    this.#around.push(value);
    try {
      if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return this.#blob(value.byteLength);
      this.#left -= 2;
      return Array.isArray(value) ? this.#list(value) : this.#object(value, key);
    } catch {
      // A proxy, or a toJSON that throws: what it is made of cannot be known.
      return this.#text(UNSERIALIZABLE);
    } finally {
      this.#around.pop();
    }
  }

  #list(list: readonly unknown[]): unknown[] {
    const copy: unknown[] = [];
    for (let i = 0; i < list.length; i++) {
      if (this.spent) {
        copy.push(`[${list.length - i} more]`);
        break;
      }
      copy.push(this.#property(list, i, "") ?? null);
      this.#left -= 1;
    }
    return copy;
  }

  #object(source: object, key: string): unknown {
    const { toJSON } = source as { toJSON?: unknown };
    if (typeof toJSON === "function") return this.value(toJSON.call(source, key), key);
    const entries: [string, unknown][] = [];
    const names = Object.keys(source);
    for (const [i, name] of names.entries()) {
      // The key is a text of the user's as well.
      const label = cleanText(name, 128);
      const bytes = jsonBytes(label) + 2;
      if (bytes >= this.#left) {
        entries.push(["…", `[${names.length - i} more]`]);
        break;
      }
      const copy = this.#property(source, name, name);
      if (copy === undefined) continue;
      this.#left -= bytes;
      entries.push([label, copy]);
    }
    return Object.fromEntries(entries);
  }

  /** A getter that throws costs its own value only. */
  #property(source: object, name: string | number, key: string): unknown {
    let value: unknown;
    try {
      value = Reflect.get(source, name);
    } catch {
      return this.#text(UNSERIALIZABLE);
    }
    return this.value(value, key);
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
      clean = cutText(clean, length);
      bytes = jsonBytes(clean);
    }
    this.#left -= bytes;
    return clean;
  }
}

export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? "");
}
