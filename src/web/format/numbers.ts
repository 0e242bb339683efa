const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const SHORT = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

/** Counts and tokens: `1,234,567`. */
export function whole(value: number): string {
  return WHOLE.format(value);
}

/** For axes and narrow places: `1.2M`. */
export function short(value: number): string {
  return SHORT.format(value);
}

/** A share from 0 to 1: `0.4%`, `12%`; never `0%` or `100%` for what is not. */
export function percent(share: number | null): string {
  if (share === null) return "–";
  const value = share * 100;
  if (value === 0 || value >= 100) return `${Math.round(value)}%`;
  if (value < 0.1) return "<0.1%";
  if (value > 99.9) return ">99.9%";
  return `${value < 10 || value > 90 ? Number(value.toFixed(1)) : Math.round(value)}%`;
}

/** `errors` of `calls`; unknown without calls. */
export function shareOf(errors: number, calls: number): number | null {
  return calls === 0 ? null : Math.min(1, errors / calls);
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${whole(count)} ${count === 1 ? one : many}`;
}
