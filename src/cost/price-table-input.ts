import { libraryProviderId } from "./provider-names.ts";

/** US dollars per million tokens. */
export interface PriceInput {
  readonly input: number;
  /** Left out for models without output, such as embeddings; with output tokens the cost is then not known. */
  readonly output?: number;
  /** @default input */
  readonly cacheRead?: number;
  /** @default input */
  readonly cacheWrite5m?: number;
  /** @default cacheWrite5m */
  readonly cacheWrite1h?: number;
  /** @default input */
  readonly inputAudio?: number;
  /** @default output */
  readonly outputAudio?: number;
}

/** A price from a day on, until the next row's day. */
export interface DatedPriceInput extends PriceInput {
  /** `YYYY-MM-DD`, from midnight UTC. Left out: since ever. */
  readonly from?: string;
}

/** Prices by model (`my-model`) or by provider and model (`azure/my-deployment`). */
export type PriceTableInput = Readonly<Record<string, PriceInput | readonly DatedPriceInput[]>>;

export interface PriceTableRow {
  /** Milliseconds since the epoch; `-Infinity` for "since ever". */
  readonly fromMs: number;
  readonly price: PriceInput;
}

const FIELDS = [
  "input",
  "output",
  "cacheRead",
  "cacheWrite5m",
  "cacheWrite1h",
  "inputAudio",
  "outputAudio",
] as const;
const FORBIDDEN_NAMES = new Set(["__proto__", "constructor", "prototype"]);
const MAX_USD = 1_000_000;
/** No list price is lower; a price per token, given by mistake, always is (15 USD per million are 0.000015). */
const MIN_USD = 0.0001;

/**
 * Checks a price table.
 *
 * @param source Starts every message: the option or the file that the table came from.
 * @returns Rows by name in lower case, oldest first. A provider in a name is also there under the price library's id.
 * @throws TypeError or RangeError naming source, model, field and value.
 */
export function parsePriceTable(input: unknown, source: string): Map<string, readonly PriceTableRow[]> {
  if (!isRecord(input))
    throw new TypeError(`${source}: must be an object of prices by model, got ${show(input)}`);
  const table = new Map<string, readonly PriceTableRow[]>();
  for (const [name, value] of Object.entries(input)) {
    const where = `${source}: model ${JSON.stringify(name)}`;
    if (name.trim() === "" || FORBIDDEN_NAMES.has(name))
      throw new TypeError(`${where}: not a name for a model`);
    const rows = parseRows(value, where);
    for (const key of keysOf(name)) table.set(key, rows);
  }
  return table;
}

/** The names under which a price is found, the most particular first. */
export function keysOf(name: string): readonly string[] {
  const key = name.trim().toLowerCase();
  const slash = key.indexOf("/");
  if (slash <= 0) return [key];
  return [...new Set([key, `${libraryProviderId(key.slice(0, slash))}/${key.slice(slash + 1)}`])];
}

function parseRows(value: unknown, where: string): readonly PriceTableRow[] {
  if (!Array.isArray(value)) {
    if (isRecord(value) && "from" in value)
      throw new TypeError(`${where}: rows with "from" go into an array`);
    return [parseRow(value, where)];
  }
  if (value.length === 0) throw new RangeError(`${where}: at least one row is needed, got []`);
  const rows = value.map((row: unknown, index) => parseRow(row, `${where}, row ${index + 1}`));
  rows.sort((a, b) => (a.fromMs < b.fromMs ? -1 : a.fromMs > b.fromMs ? 1 : 0));
  rows.forEach((row, index) => {
    if (row.fromMs === rows[index + 1]?.fromMs)
      throw new RangeError(`${where}: two rows with the same "from"`);
  });
  return rows;
}

function parseRow(value: unknown, where: string): PriceTableRow {
  if (!isRecord(value)) throw new TypeError(`${where}: must be an object of prices, got ${show(value)}`);
  const { from, ...prices } = value;
  const price: Partial<Record<keyof PriceInput, number>> = {};
  for (const [field, usd] of Object.entries(prices)) {
    if (!isField(field))
      throw new TypeError(`${where}: unknown field ${show(field)}, known are ${FIELDS.join(", ")}`);
    if (usd !== undefined) price[field] = parseUsd(usd, `${where}: ${field}`);
  }
  const { input, ...parts } = price;
  if (input === undefined) throw new TypeError(`${where}: input must be a number, got undefined`);
  return { fromMs: parseFrom(from, where), price: { input, ...parts } };
}

function parseUsd(value: unknown, where: string): number {
  if (typeof value !== "number") throw new TypeError(`${where} must be a number, got ${show(value)}`);
  if (!(value >= 0 && value <= MAX_USD)) {
    throw new RangeError(`${where} must be between 0 and ${MAX_USD} USD per million tokens, got ${value}`);
  }
  if (value > 0 && value < MIN_USD) {
    throw new RangeError(`${where} must be USD per million tokens, got ${value}: is it per token?`);
  }
  return value;
}

function parseFrom(value: unknown, where: string): number {
  if (value === undefined) return Number.NEGATIVE_INFINITY;
  const ms = typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(value) : Number.NaN;
  // The round trip refuses days that do not exist, such as 2026-02-30.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== value) {
    throw new RangeError(`${where}: from must be a day as YYYY-MM-DD, got ${show(value)}`);
  }
  return ms;
}

function isField(name: string): name is keyof PriceInput {
  return (FIELDS as readonly string[]).includes(name);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return typeof value === "string"
    ? JSON.stringify(value.slice(0, 100))
    : Array.isArray(value)
      ? "an array"
      : String(value);
}
