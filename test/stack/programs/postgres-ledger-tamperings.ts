// Changes the rows of a ledger as somebody would who owns the database. Each tampering takes the rows as they are, in order, and gives
// others; it changes something for certain.
import { EMPTY_HEAD, link } from "../../../src/stores/ledger/chain.ts";
import { columnValues, linkedEntry } from "../../../src/stores/sql/ledger-rows.ts";
import { LEDGER_COLUMNS, LEDGER_TEXTS } from "../../../src/stores/sql/tables.ts";

/** Columns by name, numbers as their digits. */
export type Row = Readonly<Record<string, string | null>>;

/** A number from 0 up to, and without, `below`. */
export type Dice = (below: number) => number;

export interface RowTampering {
  readonly name: string;
  /** Whether only an anchor can show it. */
  readonly needsAnchor: boolean;
  apply(rows: readonly Row[], dice: Dice): readonly Row[];
}

const OPTIONAL = LEDGER_TEXTS.slice(2);
const TEXTS = [...LEDGER_TEXTS, "prev_hash", "hash"];
const BEYOND = 2n ** 62n;

export const ROW_TAMPERINGS: readonly RowTampering[] = [
  {
    name: "a character of a text changed",
    needsAnchor: false,
    apply: (rows, dice) => edit(rows, dice, change),
  },
  {
    name: "a character taken out or put in",
    needsAnchor: false,
    apply: (rows, dice) => edit(rows, dice, resize),
  },
  {
    name: "an empty text in place of none, or none in place of a text",
    needsAnchor: false,
    apply: changeAbsence,
  },
  { name: "a text moved into the next field", needsAnchor: false, apply: moveText },
  { name: "a number changed", needsAnchor: false, apply: changeNumber },
  { name: "rows deleted", needsAnchor: false, apply: deleteRows },
  {
    name: "rows deleted, the rest numbered anew",
    needsAnchor: false,
    apply: (r, dice) => numbered(deleteRows(r, dice)),
  },
  {
    name: "two rows swapped",
    needsAnchor: false,
    apply: (r, dice) => swap(r, dice, ["at_ms", ...LEDGER_TEXTS]),
  },
  {
    name: "two rows swapped with their hashes",
    needsAnchor: false,
    apply: (r, dice) => swap(r, dice, ["at_ms", ...TEXTS]),
  },
  { name: "a row put in twice", needsAnchor: false, apply: repeat },
  {
    name: "a row changed, and its hash put right",
    needsAnchor: false,
    apply: (r, dice) => relinked(r, dice, false),
  },
  {
    name: "a row changed, its hash and the next row's link put right",
    needsAnchor: false,
    apply: (r, dice) => relinked(r, dice, true),
  },
  { name: "the end cut off", needsAnchor: true, apply: (rows, dice) => rows.slice(0, dice(rows.length)) },
  { name: "all written anew from a changed row on", needsAnchor: true, apply: rewritten },
];

function edit(
  rows: readonly Row[],
  dice: Dice,
  how: (letters: string[], dice: Dice) => string[],
): readonly Row[] {
  for (;;) {
    const [at, column] = [dice(rows.length), TEXTS[dice(TEXTS.length)]!];
    const text = rows[at]![column];
    if (text) return replaced(rows, at, { [column]: how([...text], dice).join("") });
  }
}

function change(letters: string[], dice: Dice): string[] {
  const at = dice(letters.length);
  const other = String.fromCodePoint(32 + dice(0x300));
  return letters.with(at, other === letters[at] ? "\u{1f600}" : other);
}

function resize(letters: string[], dice: Dice): string[] {
  const at = dice(letters.length);
  return dice(2) === 0 ? letters.toSpliced(at, 1) : letters.toSpliced(at, 0, "x");
}

function changeAbsence(rows: readonly Row[], dice: Dice): readonly Row[] {
  const [at, column] = [dice(rows.length), OPTIONAL[dice(OPTIONAL.length)]!];
  return replaced(rows, at, { [column]: rows[at]![column] === null ? "" : null });
}

function moveText(rows: readonly Row[], dice: Dice): readonly Row[] {
  const [at, i] = [dice(rows.length), dice(OPTIONAL.length - 1)];
  const [from, to] = [OPTIONAL[i]!, OPTIONAL[i + 1]!];
  const row = rows[at]!;
  if (row[from] === null) return changeAbsence(rows, dice);
  return replaced(rows, at, { [from]: null, [to]: `${row[from]}${row[to] ?? ""}` });
}

function changeNumber(rows: readonly Row[], dice: Dice): readonly Row[] {
  const at = dice(rows.length);
  if (dice(2) === 0)
    return replaced(rows, at, { at_ms: String(Number(rows[at]!["at_ms"]) + 1 + dice(2 ** 31)) });
  // Beyond the end, or far beyond what JavaScript can count to.
  const far = dice(2) === 0 ? BigInt(rows.length + 1 + dice(1_000)) : BEYOND;
  return replaced(rows, at, { seq: String(far) });
}

/** The last row stays: without it this would be an end that was cut off. */
function deleteRows(rows: readonly Row[], dice: Dice): readonly Row[] {
  const at = dice(rows.length - 1);
  return rows.toSpliced(at, 1 + dice(Math.min(5, rows.length - 1 - at)));
}

function swap(rows: readonly Row[], dice: Dice, columns: readonly string[]): readonly Row[] {
  const first = dice(rows.length);
  const second = (first + 1 + dice(rows.length - 1)) % rows.length;
  const part = (row: Row): Row => Object.fromEntries(columns.map((name) => [name, row[name]!]));
  return replaced(replaced(rows, first, part(rows[second]!)), second, part(rows[first]!));
}

function repeat(rows: readonly Row[], dice: Dice): readonly Row[] {
  const at = dice(rows.length);
  return numbered(rows.toSpliced(at, 0, rows[at]!));
}

/** With the package's own code, for one row: only the next row knows better. */
function relinked(rows: readonly Row[], dice: Dice, withLink: boolean): readonly Row[] {
  const at = dice(rows.length - 1);
  const [row] = linkedAfter(rows, at, [rows[at]!]);
  const changed = replaced(rows, at, row!);
  return withLink ? replaced(changed, at + 1, { prev_hash: row!["hash"]! }) : changed;
}

/** With the package's own code: what he leaves is a valid chain. */
function rewritten(rows: readonly Row[], dice: Dice): readonly Row[] {
  const at = dice(rows.length);
  return [...rows.slice(0, at), ...linkedAfter(rows, at, rows.slice(at))];
}

/** Rows as the package would write them at a place, the first with another actor. */
function linkedAfter(rows: readonly Row[], at: number, from: readonly Row[]): readonly Row[] {
  const before = rows[at - 1];
  const head = before === undefined ? EMPTY_HEAD : { seq: at, hash: before["hash"]! };
  const [first, ...others] = from.map(linkedEntry);
  return link([{ ...first!, actor: "nobody" }, ...others], head).map((entry) => {
    const values = columnValues(entry).map((value) => (value === null ? null : String(value)));
    return Object.fromEntries(LEDGER_COLUMNS.map((name, i) => [name, values[i]!]));
  });
}

function numbered(rows: readonly Row[]): readonly Row[] {
  return rows.map((row, i) => ({ ...row, seq: String(i + 1) }));
}

function replaced(rows: readonly Row[], at: number, columns: Row): readonly Row[] {
  return rows.with(at, { ...rows[at]!, ...columns });
}
