import { reportFailure } from "../warn-once.ts";
import { REDACTED } from "./mark.ts";

/** What a text is: of a failure (its message, its stack); of a prompt, an answer, an argument or a result; of a log line. */
export type RedactedText = "error" | "content" | "log";

/**
 * A program's own redaction. Gets each text before anything else has changed it, at most 64 KiB of it, and gives what may be
 * recorded; our own rules follow. Must not be async.
 */
export type RedactFunction = (text: string, what: RedactedText) => string;

/** Applies the program's own function. Fails closed: a text that it throws on, or gives no string for, is not recorded. */
export class UserRedaction {
  #redact: RedactFunction | undefined;
  #inside = false;

  /** @param redact `undefined`: none. */
  use(redact: RedactFunction | undefined): void {
    this.#redact = redact;
  }

  apply(text: string, what: RedactedText): string {
    if (this.#redact === undefined) return text;
    // The function itself has called something that is recorded: asked about that, it could go on for ever.
    if (this.#inside) return REDACTED;
    this.#inside = true;
    try {
      const clean: unknown = this.#redact(text, what);
      if (typeof clean === "string") return clean;
      // Its rejection would be unhandled and end the process.
      if (clean instanceof Promise) clean.catch(() => {});
      reportFailure("the redact function", new TypeError(`it must return a string, got ${typeof clean}`));
    } catch (error) {
      reportFailure("the redact function", error);
    } finally {
      this.#inside = false;
    }
    return REDACTED;
  }
}

/** The process-wide setting. */
export const userRedaction = new UserRedaction();
