import { REDACTED } from "../../internal/redact/mark.ts";
import { isSecretName } from "../../internal/redact/secret-names.ts";
import { cutText, redactBeginning } from "../../internal/redact.ts";
import { plainText } from "./plain-text.ts";

/** Bytes of JSON. */
export const PAYLOAD_BYTES = 4_096;
/** Room for the marks of what is left out. */
const MARK_BYTES = 256;
const MAX_DEPTH = 8;
const MAX_KEY = 64;
const MAX_VALUE = 1_024;
/** Harmless as data, and not once somebody merges it into an object. */
const FORBIDDEN: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);
const UNREADABLE = "[unreadable]";

/** Copies a payload into JSON text, cleaned, whatever it is made of. `undefined` for what JSON has no word for. */
export function cleanPayload(payload: unknown): string | undefined {
  if (payload === undefined) return undefined;
  return JSON.stringify(new PayloadCopy().value(payload, "", []));
}

class PayloadCopy {
  #left = PAYLOAD_BYTES - MARK_BYTES;

  value(value: unknown, key: string, around: readonly object[]): unknown {
    if (!hasJson(value)) return undefined;
    if (isSecretName(key)) return this.#spend(REDACTED);
    if (typeof value === "string") return this.#text(value);
    if (typeof value === "object" && value !== null) return this.#structure(value, around);
    // JSON has no NaN and no bigint.
    return this.#spend(typeof value === "bigint" || !isJson(value) ? cutText(String(value), MAX_KEY) : value);
  }

  #structure(value: object, around: readonly object[]): unknown {
    if (around.length >= MAX_DEPTH) return this.#spend("[too deep]");
    if (around.includes(value)) return this.#spend(UNREADABLE);
    try {
      if (value instanceof Date) return this.#text(value.toISOString());
      if (ArrayBuffer.isView(value)) return this.#spend(`[${value.byteLength} bytes]`);
      this.#left -= 2;
      const inside = [...around, value];
      return Array.isArray(value) ? this.#list(value, inside) : this.#object(value, inside);
    } catch {
      // A proxy or a getter that throws.
      return this.#spend(UNREADABLE);
    }
  }

  #list(list: readonly unknown[], around: readonly object[]): unknown[] {
    const copy: unknown[] = [];
    for (let i = 0; i < list.length; i++) {
      if (this.#left <= 0) return [...copy, `[${list.length - i} more]`];
      copy.push(this.value(list[i], "", around) ?? this.#spend(null));
    }
    return copy;
  }

  #object(source: object, around: readonly object[]): object {
    const entries: [string, unknown][] = [];
    const names = Object.keys(source).filter((name) => !FORBIDDEN.has(name));
    for (const [i, name] of names.entries()) {
      const label = cutText(redactBeginning(plainText(name), 2 * MAX_KEY, "error"), MAX_KEY);
      if (bytesOf(label) >= this.#left) {
        entries.push(["…", `[${names.length - i} more]`]);
        break;
      }
      const value: unknown = Reflect.get(source, name);
      if (!hasJson(value)) continue;
      this.#left -= bytesOf(label);
      entries.push([label, this.value(value, name, around)]);
    }
    // Defines each as an own property, so that no name reaches a prototype.
    return Object.fromEntries(entries);
  }

  #text(text: string): unknown {
    const clean = redactBeginning(plainText(text), 2 * MAX_VALUE, "error");
    return this.#spend(cutText(clean, MAX_VALUE));
  }

  /** Takes the bytes of a value out of what is left; a mark stands for what there is no room for. */
  #spend(value: unknown): unknown {
    const bytes = bytesOf(value);
    if (bytes > this.#left) {
      this.#left = 0;
      return "…";
    }
    this.#left -= bytes;
    return value;
  }
}

/** Whether JSON has a word for it, as it has for the text of a bigint. */
function hasJson(value: unknown): boolean {
  return value !== undefined && typeof value !== "function" && typeof value !== "symbol";
}

function isJson(value: unknown): boolean {
  return typeof value !== "number" || Number.isFinite(value);
}

/** With the comma or colon beside it. */
function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value)) + 1;
}
