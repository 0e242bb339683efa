/** Where the text of model calls is recorded, in the words that OpenTelemetry's GenAI instrumentations share. */
export const CAPTURE_MODES = ["NO_CONTENT", "SPAN_ONLY", "EVENT_ONLY", "SPAN_AND_EVENT"] as const;

export type CaptureContent = (typeof CAPTURE_MODES)[number];

/**
 * Whether prompts, answers and tool definitions of model calls are recorded, and where. Nothing is, and nothing of it is even
 * read, until `start()` or `register` says so.
 */
export class ContentCapture {
  #mode: CaptureContent = "NO_CONTENT";

  use(mode: CaptureContent): void {
    this.#mode = mode;
  }

  get active(): boolean {
    return this.#mode !== "NO_CONTENT";
  }

  get onSpan(): boolean {
    return this.#mode === "SPAN_ONLY" || this.#mode === "SPAN_AND_EVENT";
  }

  get onEvent(): boolean {
    return this.#mode === "EVENT_ONLY" || this.#mode === "SPAN_AND_EVENT";
  }
}

/** The process-wide setting. */
export const contentCapture = new ContentCapture();
