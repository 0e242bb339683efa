import { readFileSync, statSync } from "node:fs";
import { PriceFileError } from "../errors/price-file-error.ts";
import type { PriceTableInput } from "./price-table-input.ts";
import { type Prices, priceTable } from "./prices.ts";

const MAX_BYTES = 1_048_576;

/**
 * Reads prices from a JSON file, the one that `AGENT_OTEL_PRICES` names. US dollars per million tokens:
 *
 *     {
 *       "my-model": { "input": 2.5, "output": 10, "cacheRead": 1.25 },
 *       "azure/my-deployment": [
 *         { "input": 2.5, "output": 10 },
 *         { "from": "2026-01-01", "input": 2, "output": 8 }
 *       ]
 *     }
 *
 * Synchronous, since it happens once, before the first call.
 *
 * @throws PriceFileError naming the file, and the model, field and value at fault. The file may have 1 MiB.
 */
export function readPriceFile(path: string): Prices {
  try {
    const stat = statSync(path);
    // Reading a pipe would wait for ever.
    if (!stat.isFile()) throw new TypeError(`${path}: not a file`);
    if (stat.size > MAX_BYTES) throw new RangeError(`${path}: at most ${MAX_BYTES} bytes, got ${stat.size}`);
    const text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
    return priceTable(parseJson(text, path), path);
  } catch (error) {
    throw new PriceFileError(path, error);
  }
}

function parseJson(text: string, path: string): PriceTableInput {
  try {
    return JSON.parse(text) as PriceTableInput;
  } catch (error) {
    throw new TypeError(`${path}: not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}
