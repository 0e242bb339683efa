const WHOLE_CENTS = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });
const TINY = new Intl.NumberFormat("en-US", {
  style: "currency",
  currency: "USD",
  minimumFractionDigits: 2,
  maximumSignificantDigits: 2,
});

/** US dollars: cents from one dollar on, two digits that count below a cent. `null` is unknown, which is not 0. */
export function money(usd: number | null): string {
  if (usd === null) return "unknown price";
  if (usd === 0) return "$0.00";
  if (usd < 0.000001) return "<$0.000001";
  if (usd < 0.01) return TINY.format(usd);
  return usd < 1 ? `$${usd.toFixed(usd < 0.1 ? 4 : 3)}` : WHOLE_CENTS.format(usd);
}

export interface Cost {
  readonly usd: number | null;
  readonly tokens: number;
  /** Calls that `usd` is without. `undefined`: nobody counted them. */
  readonly unpriced?: number | undefined;
}

/** A sum of costs. Where tokens were used and nothing has a price, it is unknown, not free. */
export function cost({ usd, tokens, unpriced }: Cost): string {
  const nothing = usd === null || usd === 0;
  if (nothing && (unpriced === undefined ? tokens > 0 : unpriced > 0)) return "unknown price";
  if (usd === null) return "$0.00";
  return money(usd);
}

/** What stands beside a sum that is not all. */
export function unpricedNote({ usd, unpriced = 0 }: Cost): string | undefined {
  return unpriced > 0 && usd !== null && usd > 0
    ? `+ ${unpriced.toLocaleString("en-US")} unpriced`
    : undefined;
}

/** For axes. */
export function shortMoney(usd: number): string {
  if (usd === 0) return "$0";
  if (usd >= 1000) return `$${Number((usd / 1000).toFixed(1))}k`;
  return usd >= 1 ? `$${Number(usd.toFixed(2))}` : `$${Number(usd.toPrecision(2))}`;
}
