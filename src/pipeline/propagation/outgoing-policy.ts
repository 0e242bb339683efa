import { diag } from "@opentelemetry/api";
import { safely, warnOnce } from "../../internal/warn-once.ts";
import type { HostAllowList } from "./host-allow-list.ts";
import type { Destination } from "./host-name.ts";
import { modelProviderTest } from "./model-provider-hosts.ts";
import { carriesBaggage } from "./propagation-headers.ts";

/** Hosts that were spoken of. Beyond it the rest stays silent. */
const MOST_HOSTS = 1_000;

/** Decides for one request, and says what was taken off. Speaks of hosts and header names only, never of their values. */
export class OutgoingPolicy {
  readonly #allow: HostAllowList;
  readonly #isModelProvider = modelProviderTest();
  readonly #told = new Set<string>();

  constructor(allow: HostAllowList) {
    this.#allow = allow;
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

  /** @param names Of the headers that were taken off a request to `destinations`. */
  removed(names: readonly string[], destinations: readonly Destination[]): void {
    // A logger that throws must not keep the headers on.
    safely("a message about propagation", () => {
      const refused = destinations.find((each) => !this.#allow.allows(each));
      const host = refused?.host ?? "a host without a usable name";
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
