/** US dollars with at least cents and at most micro-dollars, as `$0.0032`. */
export function shownUsd(amount: number): string {
  return `$${amount.toFixed(6).replace(/(\.\d\d\d*?)0+$/, "$1")}`;
}
