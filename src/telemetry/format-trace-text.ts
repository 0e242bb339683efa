// Zero-width joiners stay: emoji and several scripts are written with them.
const UNSAFE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/gu;
// ASCII, Latin letters, our own dashes, dots and tree guides: one column each, and nearly all that is ever printed.
const NARROW = /^[\x20-\x7e\u00a1-\u024f\u2010-\u2027\u2500-\u257f]*$/;
/** Made when first needed: it loads tables that take a tenth of the import of this package. */
let segmenter: Intl.Segmenter | undefined;
const WIDE =
  /^(?:\p{Emoji_Presentation}|\p{RI}|.\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}])/u;
const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Text that is safe to print, cut to so many columns. Names and values come from models and users: what could move the
 * cursor, change colours or reverse the reading direction is written out (`\x1b`) instead of obeyed.
 */
export function printable(value: string, maxColumns: number): string {
  // Cut first: a value may be megabytes long. No letter that is worth showing takes more than a few code units.
  const short = value.length > maxColumns * 4 ? value.slice(0, maxColumns * 4) : value;
  return cutToColumns(short.replace(UNSAFE, escaped), maxColumns, short.length < value.length);
}

/** How many terminal columns the text takes: two for wide letters and emoji. */
export function columnsOf(text: string): number {
  if (NARROW.test(text)) return text.length;
  let columns = 0;
  for (const { segment } of graphemes(text)) columns += WIDE.test(segment) ? 2 : 1;
  return columns;
}

/** The text, ending in `…` when it had to be cut. @param wasCut It lost its end already. */
export function cutToColumns(text: string, maxColumns: number, wasCut = false): string {
  if (!wasCut && columnsOf(text) <= maxColumns) return text;
  let kept = "";
  let columns = 0;
  for (const { segment } of graphemes(text)) {
    columns += WIDE.test(segment) ? 2 : 1;
    if (columns > maxColumns - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

export function padEndColumns(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - columnsOf(text)));
}

export function padStartColumns(text: string, columns: number): string {
  return " ".repeat(Math.max(0, columns - columnsOf(text))) + text;
}

function graphemes(text: string): Iterable<{ segment: string }> {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return segmenter.segment(text);
}

function escaped(character: string): string {
  const code = character.codePointAt(0)!;
  const hex = code.toString(16);
  return NAMED[character] ?? (code <= 0xff ? `\\x${hex.padStart(2, "0")}` : `\\u{${hex}}`);
}
