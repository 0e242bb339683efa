import { reportFailure } from "../internal/warn-once.ts";
import type { CallRecord } from "../telemetry/call-record.ts";

export type CallListener = (record: CallRecord) => void;

/**
 * Hands every finished call to whoever listens: metrics, totals, budgets, health. Synchronous, in order of subscription;
 * a listener that throws is reported once and does not disturb the others, nor the call.
 */
export class CallLog {
  // Copied on change, so that publishing needs neither a copy nor a guard against changes on the way.
  #listeners: readonly CallListener[] = [];

  /** Whether anybody listens: without a listener a record is work for nobody. */
  get hasListeners(): boolean {
    return this.#listeners.length > 0;
  }

  /** @returns A function that ends the subscription; calling it again does nothing. */
  subscribe(listener: CallListener): () => void {
    const entry: CallListener = (record) => listener(record);
    this.#listeners = [...this.#listeners, entry];
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== entry);
    };
  }

  publish(record: CallRecord): void {
    const listeners = this.#listeners;
    for (let i = 0; i < listeners.length; i++) {
      try {
        const returned: unknown = listeners[i]!(record);
        // An async function fits the type too; its rejection would be unhandled and end the process.
        if (returned instanceof Promise) returned.catch(listenerFailed);
      } catch (error) {
        listenerFailed(error);
      }
    }
  }
}

function listenerFailed(error: unknown): void {
  reportFailure("a listener of finished calls", error);
}

/** The process-wide log: all agents, model calls and tools of this process end up here. */
export const callLog = new CallLog();

/**
 * Calls `listener` once for each agent, model, tool, workflow and plan call that finishes in this process, sampled or
 * not, and also when no OpenTelemetry SDK was started.
 *
 * @returns A function that ends the subscription.
 */
export function onCall(listener: CallListener): () => void {
  return callLog.subscribe(listener);
}
