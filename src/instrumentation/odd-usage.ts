import { warnOnce } from "../internal/warn-once.ts";

/** What to do with a token count that no provider should send: say it once, and count without it. */
export function oddUsage(provider: string): (field: string, value: unknown) => void {
  return (field, value) => {
    warnOnce(
      `usage:${provider}:${field}`,
      `an answer of ${provider} has an unusable token count (${field}: ${String(value).slice(0, 40)}); it is left out`,
    );
  };
}
