import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { After } from "../../../internal/timers.ts";
import { endpointName } from "../check-urls.ts";
import type { Sender } from "../delivery.ts";
import { DeliveryLoop, type DeliveryNews } from "../delivery-loop.ts";
import type { Frame } from "../frame-queue.ts";
import type { Notices } from "../notices.ts";
import type { Outlet, OutletParts } from "../outlet.ts";
import { ExitWatch } from "../send/exit-watch.ts";
import { httpSender } from "../send/http-sender.ts";
import { Gateway } from "./gateway.ts";
import { Rendezvous } from "./rendezvous.ts";
import { RoutedSender } from "./routed-sender.ts";

export interface RoutedOutletParts extends OutletParts {
  /** @default over HTTP */
  readonly senderFor?: (url: string) => Sender;
  readonly random?: () => number;
  readonly after?: After;
}

/** Each span to the endpoint of its trace. Lane 0 has what earlier processes left, lane n + 1 the spans of endpoint n. */
export class RoutedOutlet implements Outlet {
  readonly #parts: RoutedOutletParts;
  readonly #route: Rendezvous;
  readonly #exitWatch = new ExitWatch();
  readonly #gateways: readonly Gateway[];
  /** By lane. */
  readonly #loops: readonly DeliveryLoop[];
  #stopped = false;

  constructor(parts: RoutedOutletParts) {
    const { urls } = parts.options;
    this.#parts = parts;
    this.#route = new Rendezvous(urls.map(endpointName));
    this.#gateways = urls.map((url, i) => this.#gatewayFor(url, parts.notices[i] as Notices));
    this.#loops = [undefined, ...this.#gateways].map((own, lane) => this.#loopFor(own, lane));
  }

  lanesOf(spans: readonly ReadableSpan[]): Map<number, ReadableSpan[]> {
    const laneOf = new Map<string, number>();
    const lanes = new Map<number, ReadableSpan[]>();
    for (const span of spans) {
      const traceId = traceIdOf(span);
      const lane = laneOf.get(traceId) ?? this.#route.choose(traceId) + 1;
      laneOf.set(traceId, lane);
      const others = lanes.get(lane);
      if (others === undefined) lanes.set(lane, [span]);
      else others.push(span);
    }
    return lanes;
  }

  wake(): void {
    for (const loop of this.#loops) loop.wake();
  }

  async drain(timeoutMs: number, isLast: boolean): Promise<void> {
    const endMs = performance.now() + timeoutMs;
    do {
      if (isLast) this.#giveUpFailing();
      const leftMs = Math.max(0, endMs - performance.now());
      const ends = await Promise.all(this.#loops.map((loop) => loop.drain(leftMs)));
      if (!ends.includes("failing")) return;
      // Once more where others can take over at once.
    } while (isLast && this.#giveUpFailing() && performance.now() < endMs);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#loops.map((loop) => loop.stop()));
    for (const gateway of this.#gateways) gateway.close();
  }

  #gatewayFor(url: string, notices: Notices): Gateway {
    const { options, random, after } = this.#parts;
    const { failoverAfterMs } = options;
    const senderFor = this.#parts.senderFor ?? ((url) => httpSender({ ...options, url }, this.#exitWatch));
    return new Gateway({
      sender: senderFor(url),
      failoverAfterMs,
      onDue: () => this.#retryNow(),
      // After those who were told of the failure have begun their pause.
      onChange: () => setImmediate(() => this.#retryNow()),
      onGivenUp: (why) => notices.givenUp(failoverAfterMs, why),
      onBack: () => notices.back(),
      random,
      after,
    });
  }

  #loopFor(own: Gateway | undefined, lane: number): DeliveryLoop {
    const { options, queue, counts, random, after } = this.#parts;
    const { maxInFlight, onUndeliverable } = options;
    const sender = new RoutedSender({ gateways: this.#gateways, route: this.#route, counts, own });
    return new DeliveryLoop({
      queue: queue.lane(lane),
      sender,
      counts,
      maxInFlight,
      report: (news, frame) => this.#report(news, frame, sender),
      onUndeliverable,
      ...(random && { random }),
      ...(after && { after }),
    });
  }

  #report(news: DeliveryNews, frame: Frame, sender: RoutedSender): void {
    const target = sender.targetOf(frame);
    const index = target === undefined ? 0 : this.#gateways.indexOf(target);
    this.#parts.notices[index]?.delivery(news);
  }

  #retryNow(): void {
    if (this.#stopped) return;
    for (const loop of this.#loops) loop.retryNow();
  }

  /** @returns whether there is one less, and others are left. */
  #giveUpFailing(): boolean {
    const live = this.#gateways.filter(({ isLive }) => isLive);
    const failing = live.filter(({ isFailing }) => isFailing);
    if (failing.length === 0 || failing.length === live.length) return false;
    for (const gateway of failing) gateway.giveUpNow();
    return true;
  }
}

/** Of a span that throws, the encoder says what is wrong with it. */
function traceIdOf(span: ReadableSpan): string {
  try {
    return String(span.spanContext().traceId);
  } catch {
    return "";
  }
}
