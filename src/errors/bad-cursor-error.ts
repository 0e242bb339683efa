import { AgentError } from "./agent-error.ts";

/** A cursor of a page that nobody has given out, or of another list. */
export class BadCursorError extends AgentError {
  readonly code = "bad_cursor";

  constructor() {
    super("cursor is not one that this list has given out; begin without one");
  }
}
