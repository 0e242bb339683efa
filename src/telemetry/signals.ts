import { reportFailure } from "../internal/warn-once.ts";

/** What happens now and then and somebody may want to be told of at once. Names and numbers alone: no content, no ids. */
export type Signal =
  | {
      readonly kind: "breaker_moved";
      readonly breaker: string;
      /** `closed`, `open`, `half_open`, `forced_open`, `disabled`. */
      readonly from: string;
      readonly to: string;
      readonly reason: string;
    }
  | {
      readonly kind: "budget_nearly_used";
      readonly budget: string;
      /** `hour`, `day`, `month`. */
      readonly window: string;
      /** Of the limit that is used, from 0. */
      readonly share: number;
    }
  | {
      readonly kind: "dead_letter";
      readonly queue: string;
      readonly taskType: string;
      readonly reason: string;
    }
  | {
      /** A finding of a detector. */
      readonly kind: "failure_mode";
      readonly mode: string;
      readonly agent: string;
    };

export type SignalListener = (signal: Signal) => void;

/** Hands signals to whoever listens. A listener that throws is reported once, and disturbs nobody. */
export class SignalLog {
  #listeners: readonly SignalListener[] = [];

  get hasListeners(): boolean {
    return this.#listeners.length > 0;
  }

  /** @returns Ends it; calling it again does nothing. */
  subscribe(listener: SignalListener): () => void {
    const entry: SignalListener = (signal) => listener(signal);
    this.#listeners = [...this.#listeners, entry];
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== entry);
    };
  }

  tell(signal: Signal): void {
    for (const listener of this.#listeners) {
      try {
        const returned: unknown = listener(signal);
        // An async function fits the type too; its rejection would be unhandled and end the process.
        if (returned instanceof Promise) returned.catch(listenerFailed);
      } catch (error) {
        listenerFailed(error);
      }
    }
  }
}

function listenerFailed(error: unknown): void {
  reportFailure("a listener of signals", error);
}

/** Those of this process. */
export const signalLog = new SignalLog();

/** @returns Ends it. */
export function onSignal(listener: SignalListener): () => void {
  return signalLog.subscribe(listener);
}

/** Never throws. Without a listener it makes nothing. */
export function tellSignal(signal: () => Signal): void {
  if (signalLog.hasListeners) signalLog.tell(signal());
}
