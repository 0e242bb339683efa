import type { Clock } from "../../internal/clock.ts";
import type { After } from "../../internal/timers.ts";
import { reportFailure, warnOnce } from "../../internal/warn-once.ts";
import type { Alert } from "./alert.ts";
import type { AlertChannel, SendResult } from "./alert-channel.ts";
import type { AlertMetrics } from "./alert-metrics.ts";
import { heldBack, heldBackKey } from "./held-back.ts";
import { TokenBucket } from "./token-bucket.ts";

interface Waiting {
  readonly alert: Alert;
  readonly attempts: number;
}

export interface ChannelQueueOptions {
  readonly maxPerMinute: number;
  readonly service: string;
  readonly metrics: AlertMetrics;
  readonly clock: Clock;
  readonly after: After;
}

const MAX_WAITING = 100;
const MAX_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** Whatever a Retry-After says. */
const LONGEST_ASKED_MS = 300_000;
/** After a summary, until all is quiet again. */
const QUIET_MS = 60_000;

/**
 * What waits for one channel: the newest word on each alert, sent one at a time. Where there are more than the channel may take, the last
 * message that it may take now sums up all that fire; what was told before and is over is still told one by one.
 */
export class ChannelQueue {
  readonly #channel: AlertChannel;
  readonly #options: ChannelQueueOptions;
  readonly #bucket: TokenBucket;
  readonly #waiting = new Map<string, Waiting>();
  /** That there was no room for, by rule. */
  readonly #beyond = new Map<string, number>();
  /** Keys that the channel was told to fire and not yet that they are over. */
  readonly #told = new Set<string>();
  readonly #ending = new AbortController();
  #sending: string | undefined;
  #pumping: Promise<void> | undefined;
  #pausedUntilMs = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #isClosed = false;
  #cancel: (() => void) | undefined;
  #cancelQuiet: (() => void) | undefined;

  constructor(channel: AlertChannel, options: ChannelQueueOptions) {
    this.#channel = channel;
    this.#options = options;
    this.#bucket = new TokenBucket(options.maxPerMinute, options.clock);
  }

  offer(alert: Alert): void {
    const { key, rule, state } = alert;
    if (this.#isClosed) {
      this.#options.metrics.count(rule, "dropped");
      return;
    }
    if (state === "resolved") {
      this.#waiting.delete(key);
      if (!this.#told.has(key) && this.#sending !== key) return;
    } else if (!this.#waiting.has(key) && this.#waiting.size >= MAX_WAITING) {
      this.#beyond.set(rule, (this.#beyond.get(rule) ?? 0) + 1);
      this.#options.metrics.count(rule, "held_back");
      return;
    }
    this.#waiting.set(key, { alert, attempts: 0 });
    this.#pump();
  }

  /** Sends what waits, without pauses, until the signal is aborted; what is left is dropped. */
  async close(signal: AbortSignal): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancel?.();
    this.#cancelQuiet?.();
    signal.addEventListener("abort", () => this.#ending.abort(signal.reason), { once: true });
    // So that the last message can sum up the others.
    this.#bucket.grant();
    await this.#pumping;
    this.#pump();
    await this.#pumping;
    for (const { alert } of this.#waiting.values()) this.#options.metrics.count(alert.rule, "dropped");
    this.#waiting.clear();
  }

  #pump(): void {
    if (this.#pumping !== undefined) return;
    this.#pumping = this.#sendAll()
      .catch((error: unknown) => reportFailure("sending alerts", error))
      .finally(() => {
        this.#pumping = undefined;
      });
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.size > 0 && !this.#ending.signal.aborted) {
      const waitMs = this.#isClosed ? 0 : this.#pausedUntilMs - this.#options.clock.monotonic();
      if (waitMs > 0) return this.#plan(waitMs);
      const isLast = this.#bucket.left === 1;
      if (!this.#bucket.take()) return this.#isClosed ? undefined : this.#plan(this.#bucket.nextMs);
      await this.#send(this.#next(isLast));
    }
    this.#planQuiet();
  }

  /** The oldest, or a summary where no more than one message may be sent. */
  #next(isLast: boolean): Waiting {
    const firing = [...this.#waiting.values()].filter(({ alert }) => alert.state === "firing");
    if (this.#beyond.size > 0 || (isLast && firing.length > 1)) {
      const alerts = firing.map(({ alert }) => alert);
      for (const { key, rule } of alerts) {
        this.#waiting.delete(key);
        this.#options.metrics.count(rule, "held_back");
      }
      const summary = this.#summary(alerts);
      this.#beyond.clear();
      return { alert: summary, attempts: 0 };
    }
    const [key, first] = this.#waiting.entries().next().value!;
    this.#waiting.delete(key);
    return first;
  }

  async #send(waiting: Waiting): Promise<void> {
    const { alert } = waiting;
    this.#sending = alert.key;
    const result = await this.#result(alert);
    this.#sending = undefined;
    if (result.kind === "again") return this.#again(waiting, result.afterMs);
    this.#failures = 0;
    this.#options.metrics.count(alert.rule, result.kind === "sent" ? "sent" : "failed");
    if (alert.state === "resolved") this.#told.delete(alert.key);
    else if (result.kind === "sent") this.#told.add(alert.key);
  }

  async #result(alert: Alert): Promise<SendResult> {
    try {
      return (await this.#channel.send(alert, this.#ending.signal)) ?? { kind: "sent" };
    } catch (error) {
      reportFailure(`sending an alert to "${this.#channel.name}"`, error);
      return { kind: "refused" };
    }
  }

  #again({ alert, attempts }: Waiting, afterMs: number | undefined): void {
    const { clock, metrics } = this.#options;
    const backOffMs = Math.min(FIRST_PAUSE_MS * 2 ** this.#failures, LONGEST_PAUSE_MS);
    const pauseMs = Math.min(afterMs ?? backOffMs * (0.5 + Math.random() / 2), LONGEST_ASKED_MS);
    this.#failures = Math.min(this.#failures + 1, 10);
    this.#pausedUntilMs = clock.monotonic() + pauseMs;
    const isNewer = this.#waiting.has(alert.key);
    if (isNewer) return;
    if (attempts + 1 < MAX_ATTEMPTS && !this.#isClosed) {
      this.#waiting.set(alert.key, { alert, attempts: attempts + 1 });
      return;
    }
    warnOnce(
      `alert-lost:${this.#channel.name}`,
      `the alert channel "${this.#channel.name}" could not be reached; alerts are lost`,
    );
    metrics.count(alert.rule, "failed");
  }

  #summary(alerts: readonly Alert[]): Alert {
    const { clock, service } = this.#options;
    return heldBack(
      { channel: this.#channel.name, service, at: new Date(clock.now()) },
      alerts,
      this.#beyond,
    );
  }

  #plan(ms: number): void {
    this.#cancel?.();
    this.#cancel = this.#options.after(Math.ceil(ms), () => this.#pump(), false);
  }

  /** A summary has no end of its own. */
  #planQuiet(): void {
    const isOpen = this.#told.has(heldBackKey(this.#channel.name));
    if (this.#isClosed || this.#channel.keepsState !== true || !isOpen) return;
    this.#cancelQuiet?.();
    this.#cancelQuiet = this.#options.after(QUIET_MS, () => this.#quiet(), false);
  }

  #quiet(): void {
    this.offer({ ...this.#summary([]), state: "resolved" });
  }
}
