import type { Clock } from "../../internal/clock.ts";
import { VALUE_OTHER } from "../../telemetry/semconv.ts";
import { type Alert, alertKey } from "./alert.ts";
import type { FiringVerdict } from "./alert-rule.ts";
import { oneLine } from "./one-line.ts";

export interface AlertBookOptions {
  readonly service: string;
  /** An alert that is not seen for so long is resolved, unless it lasts. */
  readonly resolveAfterMs: number;
  /** An alert that goes on is said again. */
  readonly repeatEveryMs: number;
  readonly clock: Clock;
}

interface OpenAlert {
  alert: Alert;
  readonly lasts: boolean;
  seenMs: number;
  saidMs: number;
}

/** Open alerts; the subjects of more are one. */
const MAX_OPEN = 1_000;
const MAX_SUBJECT = 128;
const MAX_SUMMARY = 512;
const MAX_FACT = 128;

/**
 * Which alerts are open, one for each rule and subject. Says which of what is seen is news: the first time, that it goes on after a long while,
 * and that it is over. Times are monotonic, so that a clock that is set resolves nothing.
 */
export class AlertBook {
  readonly #options: AlertBookOptions;
  readonly #open = new Map<string, OpenAlert>();

  constructor(options: AlertBookOptions) {
    this.#options = options;
  }

  /** The oldest first. */
  get open(): readonly Alert[] {
    return [...this.#open.values()].map(({ alert }) => alert);
  }

  /** @returns What is to be said; `undefined`: it was said already. */
  fired(rule: string, verdict: FiringVerdict): Alert | undefined {
    const { clock, repeatEveryMs } = this.#options;
    const nowMs = clock.monotonic();
    const key = this.#keyOf(rule, oneLine(verdict.subject, MAX_SUBJECT));
    const known = this.#open.get(key);
    const alert = this.#alert(key, rule, verdict, known?.alert);
    if (known === undefined) {
      this.#open.set(key, { alert, lasts: verdict.lasts === true, seenMs: nowMs, saidMs: nowMs });
      return alert;
    }
    Object.assign(known, { alert, seenMs: nowMs });
    if (nowMs - known.saidMs < repeatEveryMs) return undefined;
    known.saidMs = nowMs;
    return alert;
  }

  /** @returns `undefined`: it did not fire. */
  resolved(rule: string, subject: string): Alert | undefined {
    const key = alertKey(rule, oneLine(subject, MAX_SUBJECT));
    const known = this.#open.get(key);
    if (known === undefined) return undefined;
    this.#open.delete(key);
    return { ...known.alert, state: "resolved", at: new Date(this.#options.clock.now()) };
  }

  /** Those that were not seen for so long that they are over. */
  quiet(): readonly Alert[] {
    const { clock, resolveAfterMs } = this.#options;
    const beforeMs = clock.monotonic() - resolveAfterMs;
    return [...this.#open.values()]
      .filter(({ lasts, seenMs }) => !lasts && seenMs <= beforeMs)
      .flatMap(({ alert: { rule, subject } }) => this.resolved(rule, subject) ?? []);
  }

  /** Milliseconds until one may be over; `undefined`: there is none that ends by itself. */
  get nextMs(): number | undefined {
    const seen = [...this.#open.values()].filter(({ lasts }) => !lasts).map(({ seenMs }) => seenMs);
    if (seen.length === 0) return undefined;
    const { clock, resolveAfterMs } = this.#options;
    return Math.max(0, Math.min(...seen) + resolveAfterMs - clock.monotonic());
  }

  #keyOf(rule: string, subject: string): string {
    const key = alertKey(rule, subject);
    return this.#open.has(key) || this.#open.size < MAX_OPEN ? key : alertKey(rule, VALUE_OTHER);
  }

  #alert(key: string, rule: string, verdict: FiringVerdict, before: Alert | undefined): Alert {
    const at = new Date(this.#options.clock.now());
    return {
      key,
      state: "firing",
      rule,
      subject: key.slice(rule.length + 1),
      severity: verdict.severity,
      summary: oneLine(verdict.summary, MAX_SUMMARY),
      since: before?.since ?? at,
      at,
      count: (before?.count ?? 0) + 1,
      facts: Object.fromEntries(
        Object.entries(verdict.facts).map(([name, fact]) => [
          name,
          typeof fact === "string" ? oneLine(fact, MAX_FACT) : fact,
        ]),
      ),
      traceId: verdict.traceId,
      service: this.#options.service,
    };
  }
}
