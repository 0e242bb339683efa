import { warnOnce } from "../../internal/warn-once.ts";
import type { DeliveryNews } from "./delivery-loop.ts";
import type { DropReason } from "./frame-queue.ts";

/** Of going and coming back, for one endpoint. */
const MOST_TIMES = 20;

/** What an exporter tells its user, in words, each kind of news once. */
export class Notices {
  readonly #target: string;
  readonly #where: string;
  #timesGivenUp = 0;
  #isToldGone = false;

  /** @param target A URL without secrets. */
  constructor(target: string, directory: string | undefined, maxBytes: number) {
    this.#target = target;
    this.#where =
      directory === undefined
        ? `in memory, up to ${Math.round(maxBytes / 2 ** 20)} MiB`
        : `in ${directory}, also past the end of this process`;
  }

  delivery(news: DeliveryNews): void {
    const { kind, why } = news;
    const to = this.#target;
    if (kind === "failing") {
      this.#once(
        kind,
        why,
        `spans do not reach ${to} (${why}); they wait ${this.#where}, and are sent when it answers`,
      );
    } else if (kind === "refused") {
      this.#once(
        kind,
        why,
        `${to} refuses spans (${why}): they are lost; the metric agents.spool.dropped counts them`,
      );
    } else {
      this.#once(kind, why, `${to} refuses ${news.spans} spans of a request: ${why}`);
    }
  }

  dropped(reason: DropReason, spans: number): void {
    // The receiver's reasons are told with its words.
    if (reason === "rejected" || reason === "too_large") return;
    warnOnce(
      `spool:${this.#target}:${reason}`,
      `spans for ${this.#target} are lost (${reason}: ${spans} at first); the metric agents.spool.dropped counts them`,
    );
  }

  /** The directory cannot be used, though it is no mistake. */
  inMemory(why: string): void {
    warnOnce(`spool:${this.#target}:unusable`, `${why}; spans wait in memory, and end with the process`);
  }

  /** One of several endpoints. Told each time, up to a limit: who is told that it went must be told that it came back. */
  givenUp(afterMs: number, why: string): void {
    this.#timesGivenUp += 1;
    if (this.#timesGivenUp > MOST_TIMES) return;
    this.#isToldGone = true;
    warnOnce(
      `spool:${this.#target}:given_up:${this.#timesGivenUp}`,
      `${this.#target} has taken no spans for ${afterMs / 1_000} s (${why}): ` +
        "they go to the next endpoint of their trace until it is back",
    );
  }

  back(): void {
    if (!this.#isToldGone) return;
    this.#isToldGone = false;
    warnOnce(
      `spool:${this.#target}:back:${this.#timesGivenUp}`,
      `${this.#target} takes spans again: those of its traces go to it`,
    );
  }

  #once(kind: string, why: string, message: string): void {
    // A connection that breaks has many words for it, in turn.
    const what = kind === "failing" && !why.startsWith("HTTP ") ? "connection" : why.replace(/\d+/g, "#");
    warnOnce(`spool:${this.#target}:${kind}:${what}`, `${message}. Said once.`);
  }
}
