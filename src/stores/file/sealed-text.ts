import { StoreTooNewError } from "../../errors/store-too-new-error.ts";
import { createHash } from "../../internal/late-builtins.ts";
import { isPlainObject, parseJson } from "../../internal/plain-json.ts";

/** Of the files, the newest that this package knows. */
const VERSION = 1;
const HEAD = { maxBytes: 1_024, maxDepth: 1, maxNodes: 16 };
const BODY = { maxDepth: 1, maxNodes: 32 };

/** Of a file: two texts of a mebibyte, in which each character may need two bytes, and what little there is besides. */
export const MAX_FILE_BYTES = 5 * 1_048_576;

/** Two lines of JSON: the version of the schema with a hash of the second line, and the fields. @throws RangeError where that is too long. */
export function sealed(fields: Readonly<Record<string, unknown>>): string {
  const body = JSON.stringify(fields);
  const text = `${JSON.stringify({ v: VERSION, sha256: hashOf(body) })}\n${body}\n`;
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_FILE_BYTES)
    throw new RangeError(`a file of this store must have at most ${MAX_FILE_BYTES} bytes, got ${bytes}`);
  return text;
}

/**
 * The fields of a sealed text. The hash tells what the disk has changed; who means harm can write one that fits, so that the fields are
 * still to be checked.
 *
 * @param path Whose text it is.
 * @throws StoreTooNewError where a newer version has written it; TypeError, RangeError, SyntaxError where it is damaged.
 */
export function unsealed(path: string, text: string): Readonly<Record<string, unknown>> {
  const [first = "", body = "", rest, more] = text.split("\n", 4);
  const head = parseJson("its first line", first, HEAD);
  if (!isPlainObject(head)) throw new TypeError("its first line is no object");
  const { v, sha256 } = head;
  if (typeof v === "number" && Number.isSafeInteger(v) && v > VERSION)
    throw new StoreTooNewError(path, v, VERSION);
  if (v !== VERSION) throw new TypeError("its first line has no version");
  if (rest !== "" || more !== undefined || sha256 !== hashOf(body))
    throw new TypeError("it is not what was written");
  const fields = parseJson("its second line", body, { ...BODY, maxBytes: MAX_FILE_BYTES });
  if (!isPlainObject(fields)) throw new TypeError("its second line is no object");
  return fields;
}

function hashOf(body: string): string {
  return createHash("sha256").update(body).digest("hex");
}
