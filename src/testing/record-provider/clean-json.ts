import { REDACTED } from "../../internal/redact/mark.ts";
import { isSecretName } from "../../internal/redact/secret-names.ts";

/** Cleans one text. */
export type CleanText = (text: string) => string;
/** From the top of the document: keys of objects, places in lists. */
export type JsonPath = readonly (string | number)[];
/** What a text becomes, where something else than cleaning it by itself is to be done. */
export type CleanLeaf = (path: JsonPath, text: string) => string | undefined;

/** Deeper than any request is; more would overflow the stack. */
const MAX_DEPTH = 100;
/** Keys of the protocols, outside of what was said, that name who asks. */
const WHO = new Set([
  "request_id",
  "organization",
  "organization_id",
  "org_id",
  "account_id",
  "user",
  "user_id",
  "safety_identifier",
]);
/** Below these stands what was said, where such a key is a word like any other. */
const SAID = new Set([
  "messages",
  "input",
  "output",
  "content",
  "arguments",
  "tools",
  "parameters",
  "schema",
  "choices",
]);
/** Random text that pads what is streamed. */
const PADDING = "obfuscation";
/** Keys of what is no text but looks like a long secret: images, sounds, files. */
const BINARY = new Set(["b64_json", "data", "file_data", "url", "image_url"]);
const LEAST_BINARY = 256;
/** Vectors, and what a provider has sealed and wants back as it was: a conversation could not go on without it. */
const OPAQUE: ReadonlySet<unknown> = new Set(["embedding", "signature", "encrypted_content"]);
const BASE64 = /^(?:data:[\w.+/-]{1,100};base64,)?[\w+/=-]+$/;

/** A copy of a JSON value without secrets, personal ids and addresses. */
export function cleanJson(value: unknown, clean: CleanText, leaf?: CleanLeaf): unknown {
  return new Cleaner(clean, leaf).value(value, [], false);
}

/** Whether the text under this key is no text that anybody wrote. */
export function isOpaque(key: string | number | undefined): boolean {
  return OPAQUE.has(key);
}

class Cleaner {
  readonly #clean: CleanText;
  readonly #leaf: CleanLeaf | undefined;

  constructor(clean: CleanText, leaf: CleanLeaf | undefined) {
    this.#clean = clean;
    this.#leaf = leaf;
  }

  /** @param said Whether it stands in what was said. */
  value(value: unknown, path: JsonPath, said: boolean): unknown {
    if (typeof value === "string") return this.#leaf?.(path, value) ?? this.#text(value, path.at(-1));
    if (typeof value !== "object" || value === null) return value;
    if (path.length > MAX_DEPTH) return REDACTED;
    if (Array.isArray(value)) return value.map((item, index) => this.value(item, [...path, index], said));
    const entries = Object.entries(value).filter(([key]) => said || key !== PADDING);
    return Object.fromEntries(
      entries.map(([key, inner]) => {
        const shown = key.includes("@") ? this.#clean(key) : key;
        if (isHidden(key, inner, value, said)) return [shown, REDACTED];
        return [shown, this.value(inner, [...path, key], said || SAID.has(key))];
      }),
    );
  }

  #text(text: string, key: string | number | undefined): string {
    if (isOpaque(key)) return text;
    if (text.length >= LEAST_BINARY && typeof key === "string" && BINARY.has(key) && BASE64.test(text))
      return text;
    return this.#clean(text);
  }
}

function isHidden(key: string, value: unknown, around: object, said: boolean): boolean {
  if (typeof value !== "string" && typeof value !== "number") return false;
  if (value === "") return false;
  if (!said && WHO.has(key)) return true;
  // A token with its probability is a piece of the answer.
  return isSecretName(key) && !(key === "token" && "logprob" in around);
}
