import { createRequire } from "node:module";
import { warnOnce } from "../internal/warn-once.ts";

export type PriceLibrary = typeof import("@pydantic/genai-prices");

/** The library, `null` when it could not be loaded, `undefined` before the first try. One per process. */
let loaded: PriceLibrary | null | undefined;

/**
 * The price library, loaded at the first call: 35 ms and 19 MB, which a process without model calls should not pay.
 * Loaded synchronously, so that a span can be priced while it ends. It works offline: its auto-update stays off, because
 * nobody here calls its `updatePrices`.
 *
 * @returns `undefined` when it cannot be loaded, as in a bundle without node_modules; warned once through OTel `diag`.
 */
export function priceLibrary(): PriceLibrary | undefined {
  if (loaded === undefined) loaded = load();
  return loaded ?? undefined;
}

/** Whether it is about to be loaded. */
let loading = false;

/**
 * Loads the price library in a turn of the event loop of its own. For the time when a request is under way: then nobody waits
 * for it, and a program that asks no model never pays.
 */
export function preloadPrices(): void {
  if (loading || loaded !== undefined) return;
  loading = true;
  setImmediate(priceLibrary);
}

function load(): PriceLibrary | null {
  try {
    return createRequire(import.meta.url)("@pydantic/genai-prices") as PriceLibrary;
  } catch (error) {
    warnOnce(
      "price-library",
      "@pydantic/genai-prices cannot be loaded; calls without a price of yours have no cost",
      error,
    );
    return null;
  }
}
