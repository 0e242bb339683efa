import type { InParts, Outcome, Sender } from "../delivery.ts";
import type { Frame } from "../frame-queue.ts";
import type { SpoolCounts } from "../spool-counts.ts";
import type { Gateway } from "./gateway.ts";
import type { Rendezvous } from "./rendezvous.ts";
import { splitFrame } from "./split-frame.ts";

export interface RoutedSenderOptions {
  readonly gateways: readonly Gateway[];
  readonly route: Rendezvous;
  readonly counts: SpoolCounts;
  /** The one that all spans of its requests belong to. Left out: each span is looked at. */
  readonly own?: Gateway | undefined;
}

/** Sends the requests of one lane to the endpoint of their traces; while that is given up, to the next. */
export class RoutedSender implements Sender<Outcome | InParts> {
  readonly #options: RoutedSenderOptions;
  readonly #sentTo = new WeakMap<Frame, Gateway>();

  constructor(options: RoutedSenderOptions) {
    this.#options = options;
  }

  /** Whom a request was sent to last, in one piece. */
  targetOf(frame: Frame): Gateway | undefined {
    return this.#sentTo.get(frame);
  }

  async send(frame: Frame, signal: AbortSignal): Promise<Outcome | InParts> {
    const { own } = this.#options;
    const [one, ...others] = this.#live;
    // Where nobody is left they are sent where they belong, as ever.
    if (own !== undefined && (own.isLive || one === undefined)) return this.#sendTo(own, frame, signal);
    if (one !== undefined && others.length === 0) return this.#sendTo(one, frame, signal);
    const parts = [...splitFrame(frame, (traceId) => this.#choose(traceId))];
    const [only] = parts;
    if (only !== undefined && parts.length === 1) return this.#sendTo(this.#at(only[0]), frame, signal);
    return this.#sendParts(parts, signal);
  }

  /** The endpoints are closed by who made them. */
  close(): void {}

  async #sendTo(to: Gateway, frame: Frame, signal: AbortSignal): Promise<Outcome | InParts> {
    this.#sentTo.set(frame, to);
    const outcome = await to.send(frame, signal);
    const isOver = outcome.kind !== "retry" || to.isLive || signal.aborted || this.#live.length === 0;
    // Given up just now: the pause that comes after a failure is not for those who take over.
    if (!isOver) return this.send(frame, signal);
    if (outcome.kind === "delivered" && this.#hasMoved(to)) this.#options.counts.failovers++;
    return outcome;
  }

  /** At once, so that nothing is written anew where all is well. */
  async #sendParts(
    parts: readonly (readonly [number, Frame])[],
    signal: AbortSignal,
  ): Promise<Outcome | InParts> {
    const outcomes = await Promise.all(
      parts.map(async ([index, part]) => {
        const to = this.#at(index);
        return { part, to, outcome: await to.send(part, signal) };
      }),
    );
    const retry = outcomes.find(({ outcome }) => outcome.kind === "retry")?.outcome;
    // Nothing is written anew for receivers that take nothing.
    if (retry !== undefined && outcomes.every(({ outcome }) => outcome.kind !== "delivered")) return retry;
    const left: Frame[] = [];
    let [deliveredSpans, rejectedSpans] = [0, 0];
    for (const { part, to, outcome } of outcomes) {
      // Refused, too: that is dealt with when it comes again, alone.
      if (outcome.kind !== "delivered") left.push(part);
      else {
        deliveredSpans += part.spans - outcome.rejectedSpans;
        rejectedSpans += outcome.rejectedSpans;
        if (this.#hasMoved(to)) this.#options.counts.failovers++;
      }
    }
    return { kind: "in_parts", deliveredSpans, rejectedSpans, left };
  }

  /** For requests of every trace it cannot be told, without looking at each span once more. */
  #hasMoved(to: Gateway): boolean {
    const { own } = this.#options;
    return own !== undefined && to !== own;
  }

  #choose(traceId: string): number {
    const { route } = this.#options;
    if (this.#live.length === 0) return route.choose(traceId);
    return route.choose(traceId, (index) => this.#at(index).isLive);
  }

  #at(index: number): Gateway {
    return this.#options.gateways[index] as Gateway;
  }

  get #live(): readonly Gateway[] {
    return this.#options.gateways.filter(({ isLive }) => isLive);
  }
}
