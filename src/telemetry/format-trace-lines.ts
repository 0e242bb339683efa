import { columnsOf, cutToColumns, padEndColumns } from "./format-trace-text.ts";

/** How a piece of text is meant; the colour follows from it. */
export type Tone = "plain" | "strong" | "name" | "model" | "money" | "error" | "quiet";

export interface Piece {
  readonly text: string;
  readonly tone: Tone;
}

/** One printed line: a label on the left, then columns, then free text. */
export interface Line {
  readonly label: readonly Piece[];
  /** Right-aligned below each other. */
  readonly time?: string;
  /** Aligned by its caller, and as wide on every line that has it. */
  readonly cost?: string;
  readonly detail?: readonly Piece[];
}

// One long name would push the numbers of all others off the screen; it pushes its own instead.
const MAX_LABEL_COLUMNS = 64;
const GAP: Piece = { text: "   ", tone: "plain" };

const SGR: Readonly<Record<Tone, string>> = {
  plain: "",
  strong: "1",
  name: "1",
  model: "36",
  money: "33",
  error: "31",
  quiet: "2",
};

/**
 * Sets the lines in columns.
 *
 * @param width Columns that a line may take before it is cut.
 */
export function setLines(lines: readonly Line[], color: boolean, width: number): string[] {
  const columns = {
    label: Math.min(
      MAX_LABEL_COLUMNS,
      widest(lines.filter(hasColumns).map((line) => columnsOfAll(line.label))),
    ),
    time: widest(lines.map((line) => columnsOf(line.time ?? ""))),
    cost: widest(lines.map((line) => columnsOf(line.cost ?? ""))),
  };
  return lines.map((line) => paint(cutPieces(withoutTail(pieces(line, columns)), width), color));
}

/** The pieces as one text, in colour where asked. */
export function paint(parts: readonly Piece[], color: boolean): string {
  return parts
    .map(({ text, tone }) => {
      const code = SGR[tone];
      return color && code !== "" && text.trim() !== "" ? `\x1b[${code}m${text}\x1b[0m` : text;
    })
    .join("");
}

function pieces(line: Line, columns: { label: number; time: number; cost: number }): Piece[] {
  if (!hasColumns(line)) return [...line.label];
  const fill = " ".repeat(Math.max(0, columns.label - columnsOfAll(line.label)));
  const parts: Piece[] = [...line.label, { text: fill, tone: "plain" }];
  if (columns.time > 0) parts.push(GAP, { text: (line.time ?? "").padStart(columns.time), tone: "plain" });
  if (columns.cost > 0)
    parts.push(GAP, { text: padEndColumns(line.cost ?? "", columns.cost), tone: "money" });
  return [...parts, GAP, ...(line.detail ?? [])];
}

function withoutTail(parts: readonly Piece[]): Piece[] {
  const end = parts.findLastIndex(({ text }) => text.trim() !== "");
  return parts
    .slice(0, end + 1)
    .map((part, index) => (index === end ? { ...part, text: part.text.trimEnd() } : part));
}

function cutPieces(parts: readonly Piece[], width: number): Piece[] {
  const fitting: Piece[] = [];
  let left = width;
  for (const part of parts) {
    const columns = columnsOf(part.text);
    if (columns > left) return [...fitting, { ...part, text: cutToColumns(part.text, left) }];
    fitting.push(part);
    left -= columns;
  }
  return fitting;
}

function hasColumns(line: Line): boolean {
  return line.time !== undefined || line.cost !== undefined || line.detail !== undefined;
}

function columnsOfAll(parts: readonly Piece[]): number {
  return parts.reduce((sum, { text }) => sum + columnsOf(text), 0);
}

// Not Math.max(...values): a trace may have more lines than a call may have arguments.
function widest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}
