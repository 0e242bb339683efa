import { REDACTED } from "./mark.ts";

/** Runs of the base64, url-safe and hex alphabets. From the beginning of a run: each is looked at once. */
const RUN = /(?<![\w+/=-])[\w+/=-]{20,}/g;

/** Ids that providers give and that people search for. The prefix is theirs, what follows is random. */
const ID =
  /^(?:chatcmpl|cmpl|resp|msg|call|toolu|srvtoolu|tooluse|req|run|thread|asst|file|batch|step|gen|fc|rs|ws|ig|ci|mcp|mcpr|item|conv|vs|vsfc|embd|evt|event|trace|span|session|sess|user|org|proj|acct|cus|pi|ch|sub|in|order|job|task|ftjob|wrkspc|container|image|img|fp|id|sha\d{1,3})[_-]/i;
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
/** A word or a name, also with a number behind it; a number; a hash or id in hex of a usual length. */
const ORDINARY =
  /^(?:[a-z]+\d{0,4}|[A-Z]?[a-z]+(?:[A-Z][a-z]{2,})*\d{0,4}|[A-Z]+\d{0,4}|\d+[A-Za-z]{0,3}|[a-zA-Z]\d{1,4}[a-z]?|)$/;
const HEX = /^(?:[0-9a-f]+|[0-9A-F]+)$/;
const LEAST_BITS = 3.1;
const NONE = 0;
const SMALL = 1;
const CAPITAL = 2;
const DIGIT = 4;
const HEX_LENGTHS: ReadonlySet<number> = new Set([24, 32, 40, 56, 64, 96, 128]);

/**
 * Replaces long random strings, which are most likely keys that no other rule knows.
 *
 * A run of 20 characters or more of `[A-Za-z0-9+/=_-]` is one when it has small and capital letters and digits (of two of the three
 * kinds: from 32 characters on), many changes between them, and many different characters. Kept is what is no secret or has to be
 * found again: UUIDs, ULIDs, traceparents, hex of up to 16 characters or of the length of a trace id or a hash (24, 32, 40, 56, 64,
 * 96, 128), ids with a known prefix (`chatcmpl-`, `call_`, `msg_`), words and numbers joined by `-`, `_` or `/` (model names, paths).
 * So a key of 32 hex digits is kept too, unless a name says that it is one. The false-positive rate stands in the tests.
 */
export function redactHighEntropy(text: string): string {
  return text.length < 20 ? text : text.replace(RUN, (run) => (looksRandom(run) ? REDACTED : run));
}

function looksRandom(run: string): boolean {
  if (ID.test(run)) return false;
  if (!run.includes("/")) return isRandom(run);
  // A slash is a letter of base64, and what paths are made of: those have words in them.
  const parts = run.split("/");
  if (parts.some((part) => /^(?:[a-z]{4,}|[A-Z][a-z]{3,})$/.test(part)) || parts[0] === "")
    return parts.some((part) => part.length >= 20 && !ID.test(part) && isRandom(part));
  return isRandom(run);
}

function isRandom(run: string): boolean {
  if (ULID.test(run) || run.split(/[-_/=+]/).every(isOrdinary)) return false;
  const { kinds, pairs, changes } = shapeOf(run);
  return pairs >= 12 && changes / pairs >= leastChanges(kinds, run.length) && entropyOf(run) >= LEAST_BITS;
}

/** The share of changes that random text of these kinds stays above, and that written text stays below. */
function leastChanges(kinds: number, length: number): number {
  if (kinds === (SMALL | CAPITAL | DIGIT)) return 0.22;
  // Names in camel case have no digits and a capital in five letters.
  if (kinds === (SMALL | CAPITAL)) return length >= 32 ? 0.23 : 0.3;
  if (kinds === (SMALL | DIGIT) || kinds === (CAPITAL | DIGIT))
    return length >= 32 ? 0.17 : length >= 24 ? 0.28 : 1.1;
  return Number.POSITIVE_INFINITY;
}

function isOrdinary(part: string): boolean {
  if (ORDINARY.test(part)) return true;
  return HEX.test(part) && (part.length <= 16 || HEX_LENGTHS.has(part.length));
}

interface Shape {
  /** Bits: small letters, capitals, digits. */
  readonly kinds: number;
  /** Neighbours that are both letters or digits. */
  readonly pairs: number;
  /** Neighbours of two kinds. A capital and the small letter after it are one word. */
  readonly changes: number;
}

function shapeOf(run: string): Shape {
  let seen = 0;
  let pairs = 0;
  let changes = 0;
  let before = NONE;
  for (let i = 0; i < run.length; i++) {
    const kind = kindOf(run.charCodeAt(i));
    seen |= kind;
    if (kind !== NONE && before !== NONE) {
      pairs += 1;
      if (kind !== before && !(before === CAPITAL && kind === SMALL)) changes += 1;
    }
    before = kind;
  }
  return { kinds: seen, pairs, changes };
}

function kindOf(code: number): number {
  if (code >= 97 && code <= 122) return SMALL;
  if (code >= 65 && code <= 90) return CAPITAL;
  return code >= 48 && code <= 57 ? DIGIT : NONE;
}

/** Bits per character, of the first 256. */
function entropyOf(run: string): number {
  const counts = new Map<string, number>();
  const length = Math.min(run.length, 256);
  for (let i = 0; i < length; i++) counts.set(run[i]!, (counts.get(run[i]!) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / length) * Math.log2(count / length);
  return bits;
}
