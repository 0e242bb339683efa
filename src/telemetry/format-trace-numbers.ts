const MICRO = 1_000n;
const MILLI = 1_000_000n;
const SECOND = 1_000_000_000n;
const MOST_DECIMALS = 12;

/** `412 µs`, `320 ms`, `4.21 s`, `2 min 03 s`, `1 h 02 min`. Below zero counts as zero: clocks differ. */
export function formatDuration(ns: bigint): string {
  if (ns <= 0n) return "0 ms";
  if (ns < 999_500n) return `${rounded(ns, MICRO)} µs`;
  if (ns < 999_500_000n) return `${rounded(ns, MILLI)} ms`;
  if (ns < 59_995_000_000n) return `${(Number(ns) / 1e9).toFixed(2)} s`;
  const seconds = rounded(ns, SECOND);
  const minutes = seconds / 60n;
  if (seconds < 3_600n) return `${minutes} min ${twoDigits(seconds % 60n)} s`;
  return `${minutes / 60n} h ${twoDigits(minutes % 60n)} min`;
}

/** Money with four decimals, more for amounts below a tenth of a cent: `$0.0032`, `$0.000041`, `0.0032 EUR`. */
export function formatCost(amount: number, currency = "USD"): string {
  const size = Math.abs(amount);
  // At most two digits that say something: the exponent tells how many zeros come first.
  const decimals =
    size === 0 || size >= 0.001 ? 4 : Math.min(MOST_DECIMALS, 1 - Math.floor(Math.log10(size)));
  const digits = size.toLocaleString("en-US", {
    minimumFractionDigits: 4,
    maximumFractionDigits: decimals,
  });
  const sign = amount < 0 ? "-" : "";
  return currency === "USD" ? `${sign}$${digits}` : `${sign}${digits} ${currency}`;
}

/** `1,234`. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

/** `1 call`, `3 calls`, `1,234 tokens`. */
export function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Pads amounts on both sides so that their decimal points stand below each other. Words end where the digits end. */
export function alignPoints(amounts: readonly string[]): string[] {
  const decimals = (amount: string): number =>
    amount.includes(".") ? amount.length - amount.indexOf(".") : 0;
  const most = widest(amounts.map(decimals));
  const padded = amounts.map((amount) =>
    decimals(amount) === 0 ? amount : amount + " ".repeat(most - decimals(amount)),
  );
  const width = widest(padded.map((amount) => amount.length));
  return padded.map((amount) => amount.padStart(width));
}

// Not Math.max(...values): a trace may have more spans than a call may have arguments.
function widest(widths: readonly number[]): number {
  return widths.reduce((most, width) => Math.max(most, width), 0);
}

function rounded(ns: bigint, unit: bigint): bigint {
  return (ns + unit / 2n) / unit;
}

function twoDigits(value: bigint): string {
  return value.toString().padStart(2, "0");
}
