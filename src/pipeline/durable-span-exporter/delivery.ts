import type { DropReason, Frame } from "./frame-queue.ts";

/** What became of one request. */
export type Outcome =
  | {
      readonly kind: "delivered";
      /** Spans that the receiver refused (partial success): never sent again. */
      readonly rejectedSpans: number;
      /** What it said about them, or as a warning; cut and redacted. */
      readonly message?: string | undefined;
    }
  | {
      readonly kind: "retry";
      /** What the receiver asked for in Retry-After, capped. */
      readonly afterMs?: number | undefined;
      /** Cut and redacted: an HTTP status, or what the connection said. */
      readonly why: string;
    }
  /** 413: may pass in halves. */
  | { readonly kind: "too_large"; readonly why: string }
  /** Will never pass. */
  | { readonly kind: "rejected"; readonly reason: DropReason; readonly why: string };

/** One request went to several receivers, in parts. */
export interface InParts {
  readonly kind: "in_parts";
  readonly deliveredSpans: number;
  readonly rejectedSpans: number;
  /** All that was not taken, as requests of their own. */
  readonly left: readonly Frame[];
}

/** Sends requests, one call each. Never rejects. @typeParam O What may become of one. */
export interface Sender<O = Outcome> {
  /** @param signal Ends the request at once; the outcome is then `retry`. */
  send(frame: Frame, signal: AbortSignal): Promise<O>;
  /** Closes idle connections. */
  close(): void;
}
