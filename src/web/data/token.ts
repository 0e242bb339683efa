import { tokenIn } from "./token-in.ts";

const KEY = "agent-otel.token";

/**
 * Takes the token out of the address (`#token=…`), where it would stay in the history and in screenshots, and keeps it for this tab.
 *
 * @returns `undefined` where there is none: the page may only read.
 */
export function takeToken(): string | undefined {
  const token = tokenIn(location.hash);
  if (token !== undefined) {
    keep(token);
    history.replaceState(null, "", `${location.pathname}${location.search}#/`);
    return token;
  }
  try {
    return sessionStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

function keep(token: string): void {
  try {
    sessionStorage.setItem(KEY, token);
  } catch {
    // Storage may be forbidden: then the token lasts until the page is loaded again.
  }
}
