import {
  columnsOf,
  padEndColumns,
  padStartColumns,
  printable,
} from "../../../telemetry/format-trace-text.ts";

export interface Column {
  readonly title: string;
  /** @default "left" */
  readonly align?: "left" | "right";
  /** Its cells may be cut where the terminal is narrow; this is its share of the room beside the others that may. */
  readonly share?: number;
  /** Escape sequence around a cell, where colours are wanted. */
  readonly color?: (cell: string) => string | undefined;
}

export interface TableOptions {
  readonly color: boolean;
  /** Of the terminal; `undefined` where nothing needs to be cut. */
  readonly width: number | undefined;
}

const GAP = "  ";
/** A column is not cut below this. */
const NARROWEST = 6;
/** Of one cell, whatever the width. */
const WIDEST = 1_000;
const BOLD = "\x1b[1m";
const RESET = "\x1b[0m";

/** Rows below their titles, as wide as the longest cell needs and the terminal allows. What could move the cursor is written out. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  options: TableOptions,
): string {
  const safe = rows.map((row) => row.map((cell) => printable(cell, WIDEST)));
  const needed = columns.map(({ title }, i) =>
    safe.reduce((most, row) => Math.max(most, columnsOf(row[i]!)), title.length),
  );
  const widths = fitted(columns, needed, options.width);
  const line = (cells: readonly string[], around: (cell: string, i: number) => string | undefined) =>
    cells
      .map((cell, i) => {
        const padded = pad(printable(cell, widths[i]!), widths[i]!, columns[i]!, i === columns.length - 1);
        const color = options.color ? around(cell, i) : undefined;
        return color === undefined ? padded : `${color}${padded}${RESET}`;
      })
      .join(GAP)
      .trimEnd();
  const head = line(
    columns.map(({ title }) => title),
    () => BOLD,
  );
  return [head, ...safe.map((row) => line(row, (cell, i) => columns[i]!.color?.(cell)))]
    .join("\n")
    .concat("\n");
}

/** Takes from those that may be cut, always from the one that has most for its share, until the line fits. */
function fitted(
  columns: readonly Column[],
  needed: readonly number[],
  width: number | undefined,
): readonly number[] {
  if (width === undefined) return needed;
  const widths = [...needed];
  let over = widths.reduce((sum, each) => sum + each, 0) + GAP.length * (columns.length - 1) - width;
  for (; over > 0; over--) {
    let widest = -1;
    for (const [i, { share }] of columns.entries()) {
      if (share === undefined || widths[i]! <= NARROWEST) continue;
      if (widest < 0 || widths[i]! / share > widths[widest]! / columns[widest]!.share!) widest = i;
    }
    if (widest < 0) break;
    widths[widest]! -= 1;
  }
  return widths;
}

function pad(cell: string, width: number, { align }: Column, last: boolean): string {
  if (align === "right") return padStartColumns(cell, width);
  return last ? cell : padEndColumns(cell, width);
}
