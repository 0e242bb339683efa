import { trace } from "@opentelemetry/api";
import { holdProcess } from "../../internal/hold-process.ts";
import { systemAfter } from "../../internal/timers.ts";
import { safely } from "../../internal/warn-once.ts";
import type { CallRecord } from "../../telemetry/call-record.ts";
import type { Signal } from "../../telemetry/signals.ts";
import type { Alert } from "./alert.ts";
import { AlertBook } from "./alert-book.ts";
import { type AlertRule, type AlertVerdict, isRequest } from "./alert-rule.ts";
import { type AlertsOptions, type AlertsSettings, alertsSettings } from "./alerts-options.ts";
import { ChannelQueue } from "./channel-queue.ts";

const CLOSE_MS = 2_000;

/**
 * Watches this process and says where something needs a person: a request that failed, cost more than a dollar or took longer than half a
 * minute; an open breaker; bad health; a budget nearly used; a dead letter; a failure mode. Said once for each rule and subject, again where it
 * goes on for an hour, and once more when it is over.
 *
 * It holds no process, and nothing that fails in it reaches the program.
 */
export class Alerts {
  readonly #settings: AlertsSettings;
  readonly #book: AlertBook;
  readonly #queues: readonly ChannelQueue[];
  readonly #unsubscribe: readonly (() => void)[];
  #cancelHealth: (() => void) | undefined;
  #cancelQuiet: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  /** @throws TypeError or RangeError that names the option, what it allows and the value. */
  constructor(options: AlertsOptions = {}) {
    this.#settings = alertsSettings(options);
    const { calls, signals, channels } = this.#settings;
    this.#book = new AlertBook(this.#settings);
    this.#queues = channels.map(
      ({ channel, maxPerMinute }) => new ChannelQueue(channel, { ...this.#settings, maxPerMinute }),
    );
    this.#unsubscribe = [
      calls.subscribe((record) => this.#called(record)),
      signals.subscribe((signal) => this.#told(signal)),
    ];
    this.#planHealth();
  }

  /** Those that fire now, the oldest first. */
  get open(): readonly Alert[] {
    return this.#book.open;
  }

  /** Watches no more, and sends what waits, for two seconds at most. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const end of this.#unsubscribe) end();
    this.#cancelHealth?.();
    this.#cancelQuiet?.();
    const ending = new AbortController();
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const giveUp = () => {
      ending.abort();
      resolve();
    };
    const cancel = systemAfter(CLOSE_MS, giveUp, false);
    const sent = Promise.all(this.#queues.map((queue) => queue.close(ending.signal)));
    await holdProcess(Promise.race([sent, late]));
    cancel();
  }

  #called(record: CallRecord): void {
    if (isRequest(record)) this.#judge((rule) => rule.onRequest?.(record));
  }

  #told(signal: Signal): void {
    const traceId = trace.getActiveSpan()?.spanContext().traceId;
    this.#judge((rule) => {
      const verdict = rule.onSignal?.(signal);
      return verdict?.kind === "firing" ? { traceId, ...verdict } : verdict;
    });
  }

  #look(): void {
    safely("looking at the health of agents", () => {
      for (const score of this.#settings.health?.agents() ?? []) this.#judge((rule) => rule.onScore?.(score));
    });
    this.#planHealth();
  }

  #judge(ask: (rule: AlertRule) => AlertVerdict): void {
    for (const rule of this.#settings.rules)
      safely(`the alert rule "${rule.name}"`, () => this.#heard(rule.name, ask(rule)));
  }

  #heard(rule: string, verdict: AlertVerdict): void {
    if (verdict === undefined) return;
    if (verdict.kind === "resolved") {
      this.#say(this.#book.resolved(rule, verdict.subject));
      return;
    }
    const alert = this.#book.fired(rule, verdict);
    if (alert === undefined) this.#settings.metrics.count(rule, "repeated");
    this.#say(alert);
    if (this.#cancelQuiet === undefined) this.#planQuiet();
  }

  #say(alert: Alert | undefined): void {
    if (alert !== undefined) for (const queue of this.#queues) queue.offer(alert);
  }

  #planQuiet(): void {
    const { nextMs } = this.#book;
    this.#cancelQuiet =
      nextMs === undefined ? undefined : this.#settings.after(Math.ceil(nextMs), () => this.#quiet(), false);
  }

  #quiet(): void {
    for (const alert of this.#book.quiet()) this.#say(alert);
    this.#planQuiet();
  }

  #planHealth(): void {
    const { health, healthEveryMs, after } = this.#settings;
    if (health !== undefined && this.#closing === undefined)
      this.#cancelHealth = after(healthEveryMs, () => this.#look(), false);
  }
}

/** @see Alerts */
export function alerts(options: AlertsOptions = {}): Alerts {
  return new Alerts(options);
}
