import { warnOnce } from "../internal/warn-once.ts";

/**
 * Asks a function of the user's about a failed call. One that throws must not take the place of the call's own error, so it is
 * reported once, and `otherwise` is the answer.
 *
 * @param what The option that holds it, as `retry: retryIf`.
 */
export function answerOr<T>(what: string, ask: () => T, otherwise: T): T {
  try {
    return ask();
  } catch (error) {
    warnOnce(`threw:${what}`, `${what} threw; the failed call keeps its own error`, error);
    return otherwise;
  }
}
