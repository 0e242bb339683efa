import { diag } from "@opentelemetry/api";
import { safely, warnOnce } from "../../internal/warn-once.ts";
import type { HostAllowList } from "./host-allow-list.ts";
import type { Destination } from "./host-name.ts";
import { modelProviderTest } from "./model-provider-hosts.ts";
import { carriesBaggage, type HeaderTest, propagationHeaders } from "./propagation-headers.ts";

/** Hosts that were spoken of. Beyond it the rest stays silent. */
const MOST_HOSTS = 1_000;

export interface OutgoingOptions {
  /** Whether baggage may say whose session it is. Then providers of models get none at all, listed or not. @default false */
  readonly sendsSession?: boolean;
}

/** Decides for one request, and says what was taken off. Speaks of hosts and header names only, never of their values. */
export class OutgoingPolicy {
  readonly #allow: HostAllowList;
  readonly #isModelProvider = modelProviderTest();
  readonly #told = new Set<string>();

  readonly #sendsSession: boolean;

  constructor(allow: HostAllowList, { sendsSession = false }: OutgoingOptions = {}) {
    this.#allow = allow;
    this.#sendsSession = sendsSession;
  }

  get asksForPort(): boolean {
    return this.#allow.asksForPort;
  }

  /**
   * Every host that a request names must be listed: the one it connects to, its Host header or `:authority`, and the one in an absolute
   * path. So no header can open what the connection's host closes.
   */
  allows(destinations: readonly Destination[]): boolean {
    return destinations.every((destination) => this.#allow.allows(destination));
  }

  /** @returns Tells which headers a request must not have; `undefined` where it may have all. */
  unwanted(destinations: readonly Destination[]): HeaderTest | undefined {
    if (!this.allows(destinations)) return propagationHeaders();
    const toProvider = this.#sendsSession && destinations.some(({ host }) => this.#isProvider(host));
    return toProvider ? carriesBaggage : undefined;
  }

  #isProvider(host: string | undefined): boolean {
    return host !== undefined && this.#isModelProvider(host);
  }

  /** @param names Of the headers that were taken off a request to `destinations`. */
  removed(names: readonly string[], destinations: readonly Destination[]): void {
    // A logger that throws must not keep the headers on.
    safely("a message about propagation", () => {
      const refused = destinations.find((each) => !this.#allow.allows(each));
      if (refused === undefined) return this.#informOfSession(destinations);
      const host = refused.host ?? "a host without a usable name";
      if (names.some(carriesBaggage) && this.#isModelProvider(host)) this.#warn(names, host);
      else this.#inform(names, host);
    });
  }

  #warn(names: readonly string[], host: string): void {
    warnOnce(
      `baggage-to-provider:${host}`,
      `took ${listed(names.filter(carriesBaggage))} off a request to the model provider ${host}. ${howToList(host)}`,
    );
  }

  #informOfSession(destinations: readonly Destination[]): void {
    const host = destinations.find((each) => this.#isProvider(each.host))?.host ?? "";
    if (this.#told.has(host) || this.#told.size >= MOST_HOSTS) return;
    this.#told.add(host);
    diag.info(
      `agent-otel: took baggage off a request to ${host}. With propagateSession it may say whose session it is, which no provider of models gets`,
    );
  }

  #inform(names: readonly string[], host: string): void {
    if (this.#told.has(host) || this.#told.size >= MOST_HOSTS) return;
    this.#told.add(host);
    diag.info(`agent-otel: took ${listed(names)} off a request to ${host}. ${howToList(host)}`);
  }
}

function listed(names: readonly string[]): string {
  return [...new Set(names.map((name) => name.toLowerCase()))].join(", ");
}

function howToList(host: string): string {
  return `To send it there, add ${host} to AGENT_OTEL_PROPAGATE_TO or to the option propagateTo`;
}
