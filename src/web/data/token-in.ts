/** @returns The token of a fragment such as `#token=abc`. Only characters that a header may hold. */
export function tokenIn(hash: string): string | undefined {
  return /^#token=([\w.~+/=-]{1,512})$/.exec(hash)?.[1];
}
